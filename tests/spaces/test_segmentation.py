"""Words and sentences of a dozen languages: what stands here was written down by hand, not by what cuts them."""

import unicodedata

import pytest

from embeddings_core.spaces.corpus import split_sentences
from embeddings_core.spaces.segmentation import is_long, remarks, sentence_parts, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("नमस्ते दुनिया", "नमस्ते|दुनिया"),
        ("தமிழ் மொழி", "தமிழ்|மொழி"),
        ("বাংলা ভাষা", "বাংলা|ভাষা"),
        ("اَلسَّلامُ عَلَيْكُمْ", "اَلسَّلامُ|عَلَيْكُمْ"),
        ("שָׁלוֹם עוֹלָם צה״ל", "שָׁלוֹם|עוֹלָם|צה״ל"),
        ("re\u0301sume\u0301 aujourd’hui e\u0301te\u0301", "r\u00e9sum\u00e9|aujourd’hui|\u00e9t\u00e9"),
        ("covid19 in 2020s, 42 times", "covid19|in|2020s|times"),
        ("می\u200cخواهم بروم", "می\u200cخواهم|بروم"),
        ("Größe, Straße: naïve Fußgängerübergänge", "größe|straße|naïve|fußgängerübergänge"),
        ("나는 학교에 간다", "나는|학교에|간다"),
        ("ภาษาไทยไม่มีช่องว่าง", "ภาษา|ไทย|ไม่มี|ช่อง|ว่าง"),
        ("我喜欢机器学习", "我|喜欢|机器|学习"),
        ("東京タワーに行く", "東京タワー|に|行く"),
        ("ພາສາລາວ", "ພາສາ|ລາວ"),
        ("the 👩\u200d👩\u200d👧 family 🇩🇪 👍🏽 cat", "the|family|cat"),
        ("_very_ rock’n’roll don't 'quoted'", "very|rock’n’roll|don't|quoted"),
    ],
)
def test_words_of_every_language_stay_whole(text, words):
    assert split_sentences(text) == (tuple(unicodedata.normalize("NFC", words).split("|")),)


def test_half_a_surrogate_pair_and_no_text_are_no_error():
    assert words_in("a\ud800 b") == ["a", "b"] and words_in("") == [] and sentence_parts(" \n ") == []


def test_scripts_without_blanks_are_named():
    assert "no blanks" in remarks("猫 and dog")[0] and "no blanks" in remarks(["ไทย"])[0]
    assert remarks("cat नमस्ते") == ()


def test_two_letters_are_a_long_word_only_where_no_blanks_part_words():
    assert is_long("北京", 4) and not is_long("的", 4) and not is_long("the", 4) and is_long("cats", 4)


@pytest.mark.parametrize(
    "sentences",
    [
        "The U.S. now leads.|At 5 p.m. he left.|Smith et al. 2005 said so.|She has a Ph.D. in maths.",
        "On Jan. 5 it rained.|On Jan. 5 Smith came.|We use e.g. this.|See No. 5 here.|See No. 5 Downing Street.",
        "J. R. R. Tolkien wrote.|J.R.R. Tolkien wrote.|Dr. Smith met Mrs. Jones.|They left at once.",
        "The U.S. Senate met.|He lives in the U.S.|She does not.|Mr. Brown, of Washington, D.C., came.",
        "John F. Kennedy won.|It was vitamin C.|Then it ended.|Was it him?|No.|He left... and came back.",
        "“Go!” he said.|Yahoo! is a company.|It cost 3.5 dollars.|He was born in 1950.|It was cold.",
        "Dr. Müller kam z.B. Montag.|Er ging.|Das kostet ca. 5 Euro bzw. mehr.|Prof. Weiß, d.h. der Alte, schlief.",
        "cats sleep.|dogs bark at 5 p.m. every day.|i like tea!|dr. who came to the u.s. in may.|was it him?",
        "Er kam am 3. Mai.|Am 24. Dezember 1999 schneite es.|Er war 3.|Dann ging er.",
        "El Sr. García llegó.|¿Quién?|¡Tú!",
        "А. С. Пушкин родился.|Он писал стихи.",
        "वह आया है।|वह गया है।",
        "هل تسمعني؟|أنا هنا",
        "나는 학교에 간다.|좋아요.",
        "ሰላም ነው።|ደህና ነው።",
        "Սա գիրք է։|Նա գնաց։",
    ],
)
def test_sentences_end_where_they_end(sentences):
    assert sentence_parts(sentences.replace("|", " ")) == sentences.split("|")


def test_sentences_without_blanks_end_at_their_marks_and_every_line_ends_one():
    assert sentence_parts("我爱猫。我爱狗！你呢？") == ["我爱猫。", "我爱狗！", "你呢？"]
    assert sentence_parts("Dr.\nthe cat\r\nsat on") == ["Dr.", "the cat", "sat on"]
