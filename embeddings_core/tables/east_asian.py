"""Which encoding of Chinese, Japanese or Korean a text without a mark is in: the one in which its letters are usual ones.

Nearly every pair of bytes is a letter in several of them, so that a file can be decoded says little. But half of any running text
is written with a few hundred letters: read rightly, 30 to 100 of 100 are among them, of names, too; read wrongly, at most 17.
"""

from collections import Counter
from collections.abc import Iterable

LEAST = 0.2  # of the letters must be usual ones, and two at least
DOUBT = 0.5  # of the share of the best: another encoding that reaches so much fits as well
BROKEN = 0.02  # of the letters may be none: a cell that some program cut
KANA = "".join(map(chr, range(0x3041, 0x30FF)))
TRADITIONAL = (
    "的一是不了人我在有他這個上們來到時大地為子中你說生國年著就那和要她出也得里後自以會家可下而過天去能對小多然於心學麼之都好"
    "看起發當沒成只如事把還用第樣道想作種開美總從無情己面最女但現前些所同日手又行意動方期它頭經長兒回位分愛老因很給名法間斯知"
    "世什兩次使身者被高已親其進此話常與活正感房乾淨早餐吃店菜服務員食物便宜價格非錯置車站附近安靜舒適推薦住客酒飯電視水今明新"
    "北市台臺灣區路號街公司王李張林陳黃吳劉蔡楊許鄭謝主工產定民十三等部度力化二理實加量體制機點業本性應合由外政四社義平形相全"
    "表關各重線內數反原利比或質氣命變條結解建軍立代通並提直題黨程展果料象革入文品式設及管特件求基資流級圖山統接較將組計別角根"
    "論運農指幾九強放決西做必戰先則任取據處隊南色光門即保治造百規熱領七海口東導器壓志金增爭濟階油思術極交受聯認六共權收證改清"
    "再採轉更單風切打白教速花帶場例真具萬每目至達走積示議聲報鬥完類八離華確才科信馬節米整空況集溫傳土步群廣石記需段研界拉律且"
    "究觀越織裝影算低持音眾書布復容須際商驗連斷深難礦千週委素技備半辦青省列習響約支般史勞團往歷克何除消構府稱準值率族維劃選標"
    "寫存候快效院查型按養易派層片始卻專狀育廠京識屬圓包火調滿縣局照參紅細引聽鐵嚴"
)
SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日"
    "那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月系军很情者最立代想已通"
    "并提直题程展果料象员位常文总次品式活设及管特件长求老头基资边流路级少图山统接知张王李刘陈杨赵黄周吴房早吃店菜服务食便宜价"
    "格非错置车站静舒适推荐住客酒饭视京海市省区号街司"
)
JAPANESE = KANA + (
    "日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手"
    "米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法屋朝食駅近親切値段橋村川山佐藤木鈴渡辺小"
    "松井県区町"
)
KOREAN = (
    "이다는의에가을하고지를은도한로사기어리인나서자그아해들과대시으정수있것일전보라부상여만구게안면제장주스성원오우까요니와생"
    "각습었네소조진경말데때무없내거비공마같실치선신문중반모화동세물저방김박최민울산"
)
USUAL = {  # the letters that are usual in what such a file holds, by the name of its encoding
    "cp950": frozenset(TRADITIONAL),
    "gb18030": frozenset(SIMPLIFIED),
    "cp932": frozenset(JAPANESE),
    "euc_jp": frozenset(JAPANESE),
    "cp949": frozenset(KOREAN),
}


def east_asian(content: bytes) -> tuple[str, ...]:
    """Return the encodings of Chinese, Japanese or Korean that a text may be in, the likeliest first; none where it is in none.

    >>> east_asian("房間很乾淨，早餐也好吃。".encode("big5"))
    ('cp950',)
    """
    found = {
        encoding: _usual(content.decode(encoding, "replace"), usual) for encoding, usual in USUAL.items()
    }
    ranked = sorted((encoding for encoding in found if found[encoding]), key=lambda each: -found[each])
    return tuple(encoding for encoding in ranked if found[encoding] >= DOUBT * found[ranked[0]])


def decodable(content: bytes) -> tuple[str, ...]:
    """Return the encodings of Chinese, Japanese or Korean that a text can be read in without an error."""
    found = []
    for encoding in USUAL:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append(encoding)
    return tuple(found)


def _usual(text: str, usual: Iterable[str]) -> float:
    """Return the share of usual letters among those that are not ASCII; 0 where they are too few, or some are broken."""
    counts = Counter(letter for letter in text if letter > "\x7f")
    total = counts.total()
    if counts["\ufffd"] > BROKEN * total:
        return 0.0
    often = sum(counts[letter] for letter in usual)
    return often / total if often >= max(2, LEAST * total) else 0.0
