"""Tables in the encodings that spreadsheets of China, Taiwan, Japan and Korea still save, against the text that was written."""

import pytest

from embeddings_core.tables.delimited import OTHER_LETTERS, decoded
from embeddings_core.tables.east_asian import east_asian
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table import texts_of

JAPANESE = (
    "科学者が赤色矮星を回る惑星を発見した", "玉ねぎをみじん切りにして弱火で炒める", "春の庭で蝶が舞う",
    "政府はガソリン税の引き下げを発表",
    "部屋はとてもきれいで、朝食もおいしかったです。", "スタッフの対応が親切でした。",
)  # fmt: skip
WRITTEN = {
    "cp950": (
        "科學家發現一顆圍繞紅矮星運行的行星", "先將洋蔥切丁，用小火炒至金黃", "春天的花園裡蝴蝶飛舞", "政府宣布調降汽油稅率",
        "房間很乾淨，早餐也好吃。", "服務人員態度親切，下次還會再來。",
    ),
    "gb18030": (
        "科学家发现一颗围绕红矮星运行的行星", "先将洋葱切丁，用小火炒至金黄", "春天的花园里蝴蝶飞舞", "政府宣布下调汽油税率",
        "这个房间很干净，早餐也不错。", "服务员态度很好，下次还会再来。",
    ),
    "cp932": JAPANESE,
    "euc_jp": JAPANESE,
    "cp949": (
        "과학자들이 적색 왜성을 도는 행성을 발견했다", "양파를 잘게 썰어 약한 불에 볶는다", "봄의 정원에서 나비가 춤춘다",
        "정부가 휘발유 세금 인하를 발표했다", "방이 아주 깨끗하고 아침 식사도 맛있었습니다.", "직원들이 친절했어요.",
    ),
}  # fmt: skip
NAMES = {
    "cp950": ("王大明,台北市", "林淑芬,高雄市", "陳建宏,臺中市", "黃雅婷,新竹縣"),
    "gb18030": ("王伟,北京市", "李娜,上海市", "张敏,重庆市", "陈静,成都市"),
    "cp932": ("佐藤,東京都", "鈴木,大阪府", "高橋,京都府", "渡辺,横浜市"),
    "euc_jp": ("佐藤,東京都", "鈴木,大阪府", "高橋,京都府", "渡辺,横浜市"),
    "cp949": ("김민준,서울", "이서연,부산", "박지훈,대구", "최수빈,인천"),
}


@pytest.mark.parametrize("rows", [3, 6, 200])
@pytest.mark.parametrize("encoding", WRITTEN)
def test_sentences_are_read_as_they_were_written(encoding: str, rows: int) -> None:
    said = [WRITTEN[encoding][row % 6] for row in range(rows)]
    content = "review\tstars\r\n" + "".join(f"{text}\t{row}\r\n" for row, text in enumerate(said))
    table = read_table(content.encode(encoding), name="a.tsv")
    assert texts_of(table, "review") == said
    assert table.notes[0] == f"The file is not in UTF-8; it was read as {OTHER_LETTERS[encoding]}."


@pytest.mark.parametrize("encoding", NAMES)
def test_a_column_of_names_among_many_numbers_is_read_as_it_was_written(encoding: str) -> None:
    """Few letters, nine bytes in ten plain ones: too few for a guess by their share."""
    lines = [
        f"{name},{row}.25,{row * 1_001},2024-05-{row + 10},order-{row:08d}-of-the-year"
        for row, name in enumerate(NAMES[encoding])
    ]
    content = "name,city,weight,price,day,order\n" + "\n".join(lines * 5)
    text, told = decoded(content.encode(encoding))
    assert text == content and told.startswith(
        f"The file is not in UTF-8; it was read as {OTHER_LETTERS[encoding]}"
    )


@pytest.mark.parametrize("encoding", WRITTEN)
def test_one_sentence_is_taken_for_no_other_encoding_without_saying_so(encoding: str) -> None:
    for text in (*WRITTEN[encoding], *NAMES[encoding]):
        found = east_asian(f"text\n{text}\n".encode(encoding))
        assert not found or found[0] == encoding, text


def test_where_two_fit_the_other_is_named() -> None:
    text, told = decoded("a,常\nb,程\n".encode("gb18030"))
    assert text == "a,都\nb,最\n", "usual letters of Big5, too"
    assert "read as Big5 (Chinese), but GB 18030 (Chinese) fits as well: save it as UTF-8" in told
    _, told = decoded("a,鑫\nb,淼\n".encode("gb18030"))
    assert "GB 18030 (Chinese)" in told and "fits as well" in told, "letters that nobody uses often"
    _, told = decoded("word\n貓\n".encode("cp950"))
    assert "Big5 (Chinese)" in told and "cut off" not in told


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Größe der Zimmer schön, außerdem überall Frühstück für müde Gäste; très bien situé à côté de la forêt"),
        ("cp1250", "Pokój był bardzo czysty, śniadanie pyszne, żółte ściany, łóżko wygodne, źle się śpi"),
        ("cp1251", "Комната была очень чистая, завтрак вкусный. Персонал приветливый, рекомендую. Далеко от центра"),
        ("koi8_r", "Комната была очень чистая, завтрак вкусный. Персонал приветливый, рекомендую"),
        ("cp1253", "Το δωμάτιο ήταν πολύ καθαρό και το πρωινό νόστιμο. Το προσωπικό ευγενικό"),
        ("cp1255", "החדר היה נקי מאוד וארוחת הבוקר טעימה. הצוות אדיב"),
        ("cp1256", "كانت الغرفة نظيفة جدا والفطور لذيذ. الموظفون لطفاء"),
        ("iso8859_9", "Oda çok temizdi, kahvaltı güzeldi; şehre yakın, ağaçlı bir bahçe"),
    ],
)  # fmt: skip
def test_what_is_written_in_other_letters_is_none_of_them(encoding: str, text: str) -> None:
    assert east_asian(text.encode(encoding)) == ()
    for word in text.split():
        assert east_asian(word.encode(encoding)) == (), word
