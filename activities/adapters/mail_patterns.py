"""How mail programs and people mark quotes, signatures and disclaimers, in English and German.

Every expression here looks at one line of bounded length, or at the beginning of a paragraph.
"""

import re

LONGEST_LINE = 300
"""Characters of a line that are looked at; marks are shorter."""

_FLAGS = re.IGNORECASE

SEPARATOR = re.compile(
    r"[-_*=\s]{2,40}(?:original(?:-?| )(?:message|nachricht)|ursprüngliche (?:nachricht|e-?mail)|originalnachricht|"
    r"forwarded (?:message|by .{1,80})|weitergeleitete (?:nachricht|e-?mail)|previous replies|"
    r"antworten sie über dieser zeile|reply above this line)\b.{0,80}"
    r"|#{2,6}\s?-?.{0,60}(?:reply above|antworten sie oberhalb).{0,60}"
    r"|begin forwarded message:|anfang der weitergeleiteten (?:nachricht|e-?mail):|"
    r"\*{0,2}previous replies\*{0,2}|\[(?:quoted text hidden|zitierter text wird ausgeblendet|zitierter text ausgeblendet)\]",
    _FLAGS,
)
FORWARDED = re.compile(r"[-_*\s]{0,40}(?:begin )?(?:forwarded|(?:anfang der )?weitergeleitete)", _FLAGS)
WROTE = re.compile(
    r"(?:on|am|le|el|il|op|den|em)\s.{4,200}\b(?:wrote|writes|schrieb|écrit|escribió|scritto|schreef|skrev|escreveu)\b.{0,120}:"
    r"|.{3,120}\bschrieb am\b.{4,80}:|\d.{5,120}\b(?:wrote|schrieb)\b.{0,120}:"
    r"|(?:am\s.{0,40}\d.{3,160}\bhat\b|.{3,120}\bhat am\b.{0,20}\d).{1,120}\bgeschrieben\s?:"
    r"|-{2,8}\s?(?:on|am)\s.{4,200}\b(?:wrote|schrieb)\b\s?-{2,8}|(?:quoting|zitat von)\s.{3,120}:"
    r"|(?=.{0,80}\d).{3,120}<[^<>\s]{1,120}@[^<>\s]{3,120}>.{0,60}[:：]",  # noqa: RUF001 - a mail program writes it so
    _FLAGS,
)
WROTE_BEGINS = re.compile(r"(?:on|am|le|el|il|op|den|em)\s.{0,20}\d", _FLAGS)
SAID = re.compile(
    r"\b(?:i|you|we|he|she|they|(?:your|my|our|the) \w{1,30}(?: \w{1,30})?) (?:\w{1,20} )?(?:wrote|writes)\b"
    r"|\b(?:wrote|writes) (?:to )?(?:you|me|us|him|her|them|that|this)\b"
    r"|\bschrieb (?:ich|er|sie|man|mir|uns|ihnen)\b|\b(?:ich|er|man) schrieb\b"
    r"|\b(?:mir|uns|ihnen|ihr|euch|dir|er|sie|man|mein\w{0,2}|unser\w{0,2}) .{0,60}\bgeschrieben\b",
    _FLAGS,
)
"""How people tell what was written; mail programs write a name or an address instead."""
FROM = re.compile(
    r"[*_ ]{0,3}(?:from|von|de|da|van|från|fra|od|от|发件人|寄件者|寄件人|差出人|보낸 사람)[*_ ]{0,3}[:：]\s?[*_ ]{0,3}\s?\S",  # noqa: RUF001 - a mail program writes it so
    _FLAGS,
)
HEADER = re.compile(
    r"[*_ ]{0,3}(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|objet|à|enviado|para|asunto|reply-to|"
    r"verzonden|aan|onderwerp|inviato|oggetto|skickat|till|ämne|sendt|til|emne|wysłano|temat|отправлено|дата|кому|тема|"
    r"发送时间|收件人|主题|傳送時間|寄件日期|收件者|主旨|送信日時|日時|宛先|件名|보낸 날짜|받는 사람|제목)"
    r"[*_ ]{0,3}[:：]",  # noqa: RUF001 - a mail program writes it so
    _FLAGS,
)

DELIMITER = re.compile(r"(?:--|—|__)\s{0,3}")
SOFT_DELIMITER = re.compile(r"[-_*=~ ]{3,80}")
PHONE = re.compile(
    r"(?:sent|gesendet|verschickt) (?:from|via|with|by|von|mit|über|aus) .{2,60}"
    r"|sent from (?:mail|outlook)<.{2,120}|von yahoo mail .{2,30} gesendet"
    r"|(?:get|holen sie sich|laden sie|download) outlook (?:for|für) .{2,60}|outlook (?:for|für) .{2,60} (?:beziehen|herunterladen)"
    r"|von meinem .{2,40} (?:gesendet|verschickt)\.?"
    r"|diese (?:nachricht|e-?mail) wurde von meinem .{2,60} gesendet\.?"
    r"|(?:von|from) (?:meinem|my) (?:iphone|ipad|android|samsung|handy|mobile|smartphone|blackberry).{0,40}",
    _FLAGS,
)
CLOSING = re.compile(
    r"(?:with )?(?:(?:best|kind|kindest|warm|warmest|many|my best)\s){0,3}(?:regards|wishes|thanks)"
    r"|(?:many thanks|thanks|thank you|thx)(?: (?:and|&) (?:best|kind)? ?regards| again| in advance| a lot| so much| very much)?"
    r"|(?:yours|sincerely|faithfully|truly|respectfully|cheers|best|all the best|br|rgds)(?: (?:sincerely|faithfully|truly|yours))?"
    r"|mit (?:\w{2,12}(?:,? ?(?:und)? ?\w{0,12})? )?gr(?:ü|ue)(?:ß|ss)en(?: aus .{2,40})?"
    r"|(?:\w{2,12}(?: und \w{2,12})? )?gr(?:ü|ue)(?:ß|ss)e(?: aus .{2,40})?|(?:\w{2,8} )?gru(?:ß|ss)"
    r"|mit \w{2,14} gru(?:ß|ss)|mfg|lg|vg|hg|hochachtungsvoll|(?:vielen |besten |herzlichen )?dank(?:e)?(?: (?:und|&) (?:\w{2,8} )?gr(?:ü|ue)(?:ß|ss)e| im voraus)?",
    _FLAGS,
)

CLOSED_BY_NAME = re.compile(
    r"(?:LG|VG|BG|MfG|(?:\w{2,8} )?Gru(?:ß|ss)|(?:\w{2,8} )?Gr(?:ü|ue)(?:ß|ss)e|Best|Cheers),? [A-ZÄÖÜ][a-zäöüß]{1,20}[.!]?"
)
"""A closing with the name in its line, where it is the last one."""
BY_ORDER = re.compile(r"(?:i\. ?[AV]\.|ppa\.)\s", _FLAGS)
"""Before the name of who signs for a company, in German."""

DISCLAIMER_BEGINS = re.compile(
    r"[^\w]{0,5}(?:confidential|privileged|disclaimer|notice|legal notice|important notice|caution|warning|external|"
    r"this (?:e-?mail|message|communication|transmission|document)|the (?:information|contents?)\b|"
    r"(?:if|unless) you (?:are|have|received?)|any (?:unauthori[sz]ed|use|dissemination|disclosure)|"
    r"please consider|think before|"
    r"dies(?:e|er|es) (?:e-?mail|nachricht|mitteilung|dokument)|der inhalt|die (?:information|in dieser)|vertraulich|"
    r"(?:wichtiger |rechtlicher )?hinweis|haftungsausschluss|achtung|sollten sie|wenn sie|falls sie|bitte (?:denken|prüfen))",
    _FLAGS,
)
DISCLAIMER_WORDS = re.compile(
    r"intended (?:recipient|solely|only|for)|(?:not|nor) the (?:named |intended )?(?:recipient|addressee)|privileged|"
    r"confidential(?:ity)?\b|unauthori[sz]ed|in error\b|disclos\w{1,6}|disseminat\w{1,6}|distribut\w{1,6}|prohibited|"
    r"(?:legal action|liabilit\w{1,4}|delete (?:it|this|the)|virus\w{0,3})|before (?:forwarding|printing)|"
    r"outside (?:of )?(?:the|your|our) organi[sz]ation|do not click|"
    r"vertraulich\w{0,5}|rechtlich geschützt\w{0,3}|irrtümlich|versehentlich|unbefugt\w{0,3}|nicht gestattet|untersagt|"
    r"empfänger\w{0,3}|adressat\w{0,4}|weitergabe|vernichten|löschen|umgehend|ausdruck\w{0,3}|bestimmt\b|datenschutz\w{0,8}|gdpr|dsgvo",
    _FLAGS,
)
FOOTER = re.compile(
    r"\bHRB\b|handelsregister|amtsgericht|registergericht|sitz(?: der gesellschaft)?:|ust-?id|umsatzsteuer-?id|"
    r"geschäftsführ(?:er|ung|erin)\w{0,3}:|vorstand\w{0,15}:|aufsichtsrat\w{0,15}:|registered (?:office|in )|company (?:no|number|reg)|vat (?:no|id|reg)",
    _FLAGS,
)

SPOKEN = re.compile(
    r"\b(?:i|i'm|i've|i'll|me|my|mine|you|your|we|our|us|he|she|they|it|is|are|was|will|would|want|can|cannot|please|not|"
    r"ich|mein\w{0,2}|mir|mich|sie|ihnen|wir|uns|unser\w{0,2}|er|es|ist|sind|wird|werde|werden|will|wollen|kann|nicht|bitte|habe|haben|man)\b",
    _FLAGS,
)
"""Words of sentences; a signature has none."""
OWN = re.compile(r"\b(?:i|i'm|i've|my|mine|our|us|ich|mein\w{0,2}|mir|mich|unser\w{0,2})\b", _FLAGS)
"""Words of a sender about themselves."""
NOTIFY = re.compile(
    r"\b(?:notify(?:ing)?|inform(?:ing)?|contact(?:ing)?|advis(?:e|ing)|alert(?:ing)?|call(?:ing)?|tell(?:ing)?|"
    r"let|return it to|reply to) (?:us\b|our (?:office|company|firm|organi[sz]ation|helpdesk|it department)\b)"
    r"|\b(?:informieren|benachrichtigen|verständigen|unterrichten|kontaktieren|bitten wir) sie (?:\w{2,12} ){0,2}uns\b"
    r"|\b(?:bitten wir (?:um|sie)|(?:geben|teilen) sie uns|bitten wir|wir bitten)\b"
    r"|\b(?:we|our (?:company|firm|organi[sz]ation|group)) (?:do(?:es)? not )?(?:accepts?|assumes?|reserves?)\b",
    _FLAGS,
)
"""What notices ask their readers to do; the `us` in it is not a customer's own words."""
POSTSCRIPT = re.compile(r"p\.?\s?s\.?\b", _FLAGS)
_NAME_PART = r"(?:[A-ZÄÖÜ][\w.'\u2019-]{0,30}|von|van|de|der|den|zu|und|&)"
NAME = re.compile(rf"{_NAME_PART}(?:[, ]{{1,2}}{_NAME_PART}){{1,5}}")
CONTACT = re.compile(
    r"\s{0,3}(?:\S{1,60}@\S{1,60}|(?:www\.|https?:)\S{1,120}|\+?\d[\d /().-]{6,30}|"
    r"(?:tel|fon|phone|fax|mobile?|e-?mail|web)\b ?[.:].{1,60}|[mtfw] ?[.:] ?[+\d(w].{1,60})\s{0,3}",
    _FLAGS,
)
SENTENCE_END = re.compile(r"[.!?…]$")
ABBREVIATED = re.compile(r"\b(?:ltd|inc|co|corp|llc|gmbh|e\.v|str|tel|dipl|dr|prof|st|no|nr|jr|sr|ing)\.$", _FLAGS)
