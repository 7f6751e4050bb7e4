"""Words and sentences of a dozen languages: what stands here was written down by hand, not by what cuts them."""

import unicodedata
from time import process_time

import pytest

from embeddings_core.spaces.corpus import split_sentences
from embeddings_core.spaces.segmentation import is_long, remarks, words_in
from embeddings_core.spaces.sentence_ends import sentence_parts


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


@pytest.mark.parametrize(
    "sentences",
    [
        # Russian, Ukrainian
        "Он живёт в г. Москве.|Она там же.|На ул. Ленина стоит дом.|Проф. Иванов и акад. Петров спорили.",
        "В 1999 г.|Война началась.|Груши и т.д. и т.п.|Всё вкусно.|См. рис. 5 и табл. 3.|Там всё.",
        "Парк им. Горького закрыт.|Я дал им.|Потом ушёл.|Это сделал я.|Маша видела.|Він живе в м. Київ.|Вона теж.",
        # Greek: its question mark is a semicolon
        "Πώς είσαι;|Είμαι καλά.|Είδα τον κ. Παπαδόπουλο.|Έφυγε.",
        "Πώς είσαι\u037e|Είμαι καλά.",
        "one; Two is α; Three.",
        # German
        "Das ist z. B. Frau Dr. Müller aus St. Gallen.|Hr. Meier wohnt in der Hauptstr. 5.|Birnen usw.|Das ist gut.",
        "Im 19. Jahrhundert war das so.|Das 1. Kapitel ist kurz.|Bis zum 31. Dez. gilt das.|Er war 3.|Dann ging er.",
        "Bzgl. Ihrer Frage vgl. Abb. 3 und Tab. 2.|Die Fa. Siemens lud ein.|Es war rot.|Sie war am See.",
        # Polish, Czech, Romanian, Turkish, Dutch, Swedish, Danish, Finnish
        "Prof. Kowalski mieszka przy ul. Długiej.|Mgr inż. Lis, tzw. Lew, i św. Jan.|Np. Anna była.",
        "Např. Praha je velká.|Dl. Popescu e bun.|Prof. Dr. Yılmaz geldi.|Sonra gitti.|Esim. Helsinki on iso.",
        "Dhr. Jansen en mevr. De Vries.|T.ex. Stockholm.|Bl.a. Anna.|Han satte sig.|Peter kom kl. 5 igen.",
        # Spanish, Portuguese, French, Italian
        "La Dra. López vive en EE. UU. y la Avda. Constitución.|Véase la pág. 5 del cap. 3.|Pan, etc.|Luego salimos.",
        "A Sra. Costa mora na Av. Paulista e o Dr. João na R. Augusta.|Eles riem.",
        "Il a vu M. Dupont, MM. Petit et Mgr. Lefebvre.|J.-P. Sartre et M. Le Pen.|C'est à moi.|Il part.",
        "Il sig. Rossi, l'avv. Conti e S. Francesco.|Il dott. Verdi parla con l'ing. Neri.",
        # English
        "It was written by J. Smith.|It was vitamin C.|Doctors said so.|So did I.|Mary left.|It was red.",
        "Peter saw the doc.|Ann too.",
        "Ft. Worth, Adm. Smith and Pres. Lincoln.|Smith v. Jones was decided.|Martin Luther King Jr. Day is in January.",
        # no letter is a capital
        "डॉ. शर्मा आए।|वे गए।|राम घर गया॥|क्या वह आएगी?|हाँ।",
        "قال د. أحمد الحقيقة.|ثم ذهب.|هل أنت بخير؟|نعم.|وہ گیا۔|میں آیا۔",
        "ดร. สมชาย มา พ.ศ. 2500 จริงไหม?|จริง",
        "ខ្ញុំទៅផ្ទះ។|គាត់មក។",
    ],
)  # fmt: skip
def test_abbreviations_marks_and_initials_of_twenty_languages(sentences):
    assert sentence_parts(sentences.replace("|", " ")) == sentences.split("|")


def test_an_opening_bracket_belongs_to_what_it_opens():
    assert sentence_parts("あなたは？「はい。」と言った。") == ["あなたは？", "「はい。」と言った。"]
    assert sentence_parts("我来了。“你好。”他说。（完）") == ["我来了。", "“你好。”", "他说。", "（完）"]


def test_a_text_of_abbreviations_takes_no_longer_than_another():
    started = process_time()
    assert sentence_parts("Dr. " * 100_000 + "Smith") == [("Dr. " * 100_000 + "Smith")]
    assert process_time() - started < 2  # a quadratic one takes ten
