"""Words are found whole, whatever their case and accents, in the ticket's language; the evidence is the text as written."""

import unicodedata
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.triage.facts import LONGEST_TEXT
from escalation.triage.wording import ReadText, folded, phrases_of, short_prefixes
from tests.unit.triage.ruling import evidence, matched, verdict


def found(phrase: str, text: str) -> str | None:
    return next((hit for one in phrases_of(phrase) if (hit := ReadText(text).find(one))), None)


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("refund", "A REFUND, please", "REFUND"),
        ("refund", "refunds", None),
        ("refund", "prerefund", None),
        ("refund*", "Refunded twice", "Refunded"),
        ("refund*", "a refund", "refund"),
        ("money back", "my money\n back!", "money\n back"),
        ("money back", "my money-back guarantee", "money-back"),
        ("money back", "Keep the money. Back to the topic", None),
        ("money back", "money is back", None),
        ("can't work", "I CAN\u2019T work", "CAN\u2019T work"),
        ("cannot work", "cannot", None),
        ("café", "the CAFE closed", "CAFE"),
        ("cafe", "the cafe\u0301", "caf\u00e9"),
        ("straße", "STRASSE 5", "STRASSE"),
        ("rückgabe", "Rueckgabe?", "Rueckgabe"),
        ("rückgabe", "RÜCKGABE!", "RÜCKGABE"),
        ("rückgabe*", "Ruckgaberecht", "Ruckgaberecht"),
        ("24/7", "open 24/7.", "24/7"),
        ("geschäftsführ* sprechen", "Geschäftsführung sprechen", "Geschäftsführung sprechen"),
        ("back", "", None),
        ("ﬁne", "a fine", "fine"),
    ],
)
def test_a_phrase_is_found_whole_and_shown_as_it_is(phrase: str, text: str, hit: str | None) -> None:
    assert found(phrase, text) == hit


def test_the_first_occurrence_is_shown() -> None:
    assert found("refund*", "Refunding after a refund") == "Refunding"


@pytest.mark.parametrize("phrase", ["", "?!", "*", " - "])
def test_a_phrase_without_letters_stands_for_nothing(phrase: str) -> None:
    assert phrases_of(phrase) == ()


def test_open_endings_that_would_match_far_too_much_are_named() -> None:
    assert short_prefixes("re* money a*") == ["re*", "a*"]
    assert short_prefixes("ref*") == []


BY_LANGUAGE = "it: {when: {words: {en: [gift], de: [bill], any: [GDPR]}}, category: policy}"


@pytest.mark.parametrize(
    ("language", "text", "matches"),
    [
        ("en", "gift", True),
        ("EN-gb", "gift", True),
        ("de", "gift", False),
        ("de_AT", "Bill", True),
        ("fr", "gift bill", False),
        ("fr", "gdpr", True),
        ("", "gift", True),
        ("", "bill", True),
    ],
)
def test_words_are_looked_for_in_the_tickets_language_or_in_all_when_it_is_unknown(
    language: str, text: str, matches: bool
) -> None:
    assert bool(matched(verdict(BY_LANGUAGE, language=language, text=text))) is matches


def test_subject_and_text_are_searched_apart() -> None:
    rules = "it: {when: {words: money back}, category: billing}"
    assert matched(verdict(rules, subject="money", text="back")) == []
    assert evidence(verdict(rules, subject="Money back"), "it") == [("subject", "Money back")]


def test_tags_tiers_and_industries_are_compared_without_case_and_accents() -> None:
    rules = """
tag: {when: {tags: [Überfällig]}, category: service}
tier: {when: {customer_tier: GOLD}, category: service}
industry: {when: {industry: [santé]}, category: service}
"""
    said = verdict(rules, tags=(" uberfallig ",), customer_tier="Gold", industry="Sante")
    assert matched(said) == ["tag", "tier", "industry"]
    assert evidence(said, "tag") == [("tags", "uberfallig")]


def test_what_is_beyond_the_longest_text_is_not_read() -> None:
    rules = "it: {when: {words: refund}, category: billing}"
    assert matched(verdict(rules, text="x " * (LONGEST_TEXT // 2) + "refund")) == []
    assert matched(verdict(rules, text="x " * (LONGEST_TEXT // 2 - 4) + "refund")) == ["it"]


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("律师", "我的律师会联系你们", "律师"),
        ("退款", "我要退款，发票开错了", "退款"),
        ("发票", "我要退款，发票开错了", "发票"),
        ("律師", "我的律师会联系你们", None),
        ("返金", "返金してください。弁護士に相談します", "返金"),
        ("弁護士", "返金してください。弁護士に相談します", "弁護士"),
        ("カード", "クレジットカードで払いました", "カード"),
        ("カード", "ｸﾚｼﾞｯﾄｶｰﾄﾞ", "カード"),
        ("カード", "カートに入れた", None),
        ("คืนเงิน", "ฉันต้องการคืนเงินทันที", "คืนเงิน"),
        ("คืนเงิน", "คนเงน", None),
        ("ทนายความ", "ผมจะให้ทนายความติดต่อ", "ทนายความ"),
        ("환불", "환불을 요청합니다", "환불"),
        ("환불", "전액환불해 주세요", "환불"),
        ("변호사", unicodedata.normalize("NFD", "변호사와 이야기하겠습니다"), "변호사"),
        ("ທະນາຍ", "ຂ້ອຍຈະໂທຫາທະນາຍຄວາມ", "ທະນາຍ"),
        ("មេធាវី", "ខ្ញុំនឹងទាក់ទងមេធាវីរបស់ខ្ញុំ", "មេធាវី"),
        ("ရှေ့နေ", "ကျွန်တော့်ရှေ့နေကဆက်သွယ်မယ်", "ရှေ့နေ"),
        ("वकील", "मेरा वकील आपसे बात करेगा", "वकील"),
        ("धन वापसी", "मुझे धन वापसी चाहिए", "धन वापसी"),
        ("வழக்கறிஞர்", "என் வழக்கறிஞர் எழுதுவார்", "வழக்கறிஞர்"),
        ("refund", "退款refund谢谢", "refund"),
        ("lawyer", "my ＬＡＷＹＥＲ", "LAWYER"),
        ("律师 函", "律师函", "律师函"),
        ("退款*", "请退款吧", "退款"),
        ("iade", "İADE istiyorum", "İADE"),
        ("avukatım", "AVUKATIM yazacak", "AVUKATIM"),
        ("δικηγόρος", "ΔΙΚΗΓΟΡΟΣ", "ΔΙΚΗΓΟΡΟΣ"),
        ("straße", "STRAẞE", "STRAẞE"),
        ("kündigung", unicodedata.normalize("NFD", "KÜNDIGUNG"), "KÜNDIGUNG"),
        ("lawyer", "my law\u00adyer", "lawyer"),
        ("محامي", "مُحامي", "مُحامي"),
    ],
)
def test_words_of_every_script_are_found(phrase: str, text: str, hit: str | None) -> None:
    assert found(phrase, text) == hit


NO_BLANKS = st.text(
    st.sampled_from("律师退款发票的我要返金してくださいカードคืนเงินทนาย환불변호사"), min_size=1, max_size=8
)


@pytest.mark.slow
@pytest.mark.fuzz
@given(NO_BLANKS, NO_BLANKS, NO_BLANKS)
def test_a_word_without_blanks_is_found_wherever_it_is_in_a_sentence(before: str, word: str, after: str) -> None:
    sentence = before + word + after
    if unicodedata.normalize("NFC", word) in unicodedata.normalize("NFC", sentence):
        assert found(word, sentence) is not None


def test_a_word_without_blanks_is_not_a_short_prefix() -> None:
    assert short_prefixes("退款* 법*") == []


@pytest.mark.fuzz
@given(st.text(max_size=40))
def test_folding_is_final(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.slow
@pytest.mark.core
def test_searching_takes_time_in_proportion_to_the_text() -> None:
    short, long = (_steps("退" * length) for length in (1_000, 16_000))
    assert long < 40 * short


def _steps(text: str) -> float:
    (phrase,) = phrases_of("退" * 20 + "款")
    started = thread_time()
    for _ in range(3):
        ReadText(text).find(phrase)
    return thread_time() - started
