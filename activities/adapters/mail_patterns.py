"""Patterns by which mail programs and people mark quotes, signatures and disclaimers, in English and German.

Every expression here looks at one line of bounded length, or at the beginning of a paragraph.
"""

import re

LONGEST_LINE = 300  # characters of a line that are looked at; marks are shorter

_FLAGS = re.IGNORECASE

_ORIGINAL = (
    r"original(?:-?| )(?:message|nachricht)|(?:ursprüngliche|weitergeleitete) (?:nachricht|e-?mail)|forwarded message|"
    r"(?:message d['\u2019]origine|message original|message transféré)|mensaje (?:original|reenviado)|"
    r"messaggio (?:originale|inoltrato)|(?:oorspronkelijk|doorgestuurd|origineel) bericht|"
    r"mensagem (?:original|encaminhada)|(?:oprindelig|opprinnelig) (?:meddelelse|melding)|ursprungligt meddelande|"
    r"(?:wiadomość oryginalna|oryginalna wiadomość)|исходное сообщение|пересылаемое сообщение|previous replies"
)
SEPARATOR = re.compile(
    rf"[-_*=\s]{{2,40}}(?:{_ORIGINAL}|forwarded by .{{1,80}}|antworten sie über dieser zeile|reply above this line)\b.{{0,80}}"
    r"|#{2,6}\s?-?.{0,60}(?:reply above|antworten sie oberhalb).{0,60}"
    r"|begin forwarded message:|anfang der weitergeleiteten (?:nachricht|e-?mail):|"
    r"\*{0,2}previous replies\*{0,2}|\[(?:quoted text hidden|zitierter text wird ausgeblendet|zitierter text ausgeblendet)\]",
    _FLAGS,
)
FORWARDED = re.compile(r"[-_*\s]{0,40}(?:begin )?(?:forwarded|(?:anfang der )?weitergeleitete)", _FLAGS)
_ON = r"(?:on|am|le|el|il|op|den|em|at|dnia|w dniu|pe|в|на)"
WROTE = re.compile(
    rf"{_ON}\s.{{4,200}}\b(?:wrote|writes|schrieb|écrit|escribió|scritto|schreef|skrev|escreveu)\b.{{0,120}}:"
    r"|.{3,120}\b(?:schrieb am|wrote on)\b.{4,80}:|\d.{5,120}\b(?:wrote|schrieb)\b.{0,120}:"
    r"|(?:am\s.{0,40}\d.{3,160}\bhat\b|.{3,120}\bhat am\b.{0,20}\d).{1,120}\bgeschrieben\s?:"
    r"|-{2,8}\s?(?:on|am)\s.{4,200}\b(?:wrote|schrieb)\b\s?-{2,8}|(?:quoting|zitat von)\s.{3,120}:"
    r"|(?=.{0,80}\d).{3,120}<[^<>\s]{1,120}@[^<>\s]{3,120}>.{0,60}[:：]"  # noqa: RUF001 - a mail program writes it so
    r"|\d{4}-\d\d-\d\d \d\d?:\d\d GMT[+-]\d\d:\d\d .{2,120}",
    _FLAGS,
)
"""What introduces a quote, once it is on one line."""
WROTE_BEGINS = re.compile(
    rf"{_ON}\s.{{0,30}}\d"
    r"|[^\W\d_]{2,14}[.,]{0,2}\s(?:den\s|the\s)?\d{1,2}\b"
    r"|\d{1,4}(?:[-./年]|\.?\s)"
    r"|.{0,120}<(?:mailto:)?[^<>\s]{1,120}@|.{1,120}<$|.{2,80}\b(?:schrieb am|wrote on)\b",
    _FLAGS,
)
"""How the first of its lines begins: with a date, or with a name and an address."""
VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|écrit|escribió|scritto|schreef|geschreven|skrev|escreveu|написал\w?|пишет|"
    r"kirjoitti|napsal\w?|yazdı|írta|scris)\b|\bnapisał|написав",  # noqa: RUF001 - Turkish
    _FLAGS,
)
ATTRIBUTED = re.compile(r"[:：]$|<[^<>\s]{1,120}@[^<>\s]{3,120}>\s(?:wrote|schrieb)$", _FLAGS)  # noqa: RUF001 - a mail program writes it so
WHO_OR_WHEN = re.compile(
    r"<[^<>\s]{1,120}@|\b\S{1,64}@\S{3,120}\b|\d{1,2}[:.h]\d{2}\b|\d{1,2}[./]\d{1,2}[./]\d{2}|\b(?:19|20)\d\d\b"
)
SAID = re.compile(
    r"\b(?:i|we|he|she|they|(?:your|my|our|the) \w{1,30}(?: \w{1,30})?) (?:\w{1,20} )?(?:wrote|writes)\b"
    r"|\byou (?:\w{1,20} )?wrote\b(?!:)"
    r"|\b(?:wrote|writes) (?:to )?(?:you|me|us|him|her|them|that|this)\b"
    r"|\bschrieb(?:en)? (?:ich|er|sie|man|mir|uns|ihnen|(?:d|ihr|mein|unser|ein|jene)(?:e|er|em|en|es|as|ie)?)\b|\b(?:ich|er|man) schrieb\b"
    r"|\b(?:mir|uns|ihnen|ihr|euch|dir|er|sie|man|mein\w{0,2}|unser\w{0,2}) .{0,60}\bgeschrieben\b"
    r"|\b(?:hat|habe|haben) (?:der|die|das|ein\w{0,2}|ich|ihr\w{0,2}|dein\w{0,2}|euer|eure) .{0,60}\bgeschrieben\b",
    _FLAGS,
)
"""How people tell what was written; mail programs write a name or an address instead."""
ANSWERS_BELOW = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|comments?|responses?)\b.{0,40}\b(?:below|in-?line|in (?:red|blue|green|bold|colou?r))\b"
    r"|\b(?:see|siehe) in-?line\b|\bin-?line (?:answers?|repl(?:y|ies)|comments?)\b"
    r"|\b(?:antwort\w{0,3}|kommentar\w{0,2}|anmerkung\w{0,2})\b.{0,40}\b(?:unten|im text|in-?line|in (?:rot|blau|grün|farbe)|direkt (?:im|unter|hinter))\b"
    r"|\b(?:unten|in rot|in blau) (?:meine|die) (?:antwort|anmerkung|kommentar)\w{0,3}\b",
    _FLAGS,
)
"""Where the sender says that they wrote into the quote."""
_COLON = r"[*_ \u00a0]{0,3}[:：]"  # noqa: RUF001 - a mail program writes it so
FROM = re.compile(
    rf"[*_ ]{{0,3}}(?:from|von|de|da|van|från|fra|od|от|от кого|lähettäjä|发件人|寄件者|寄件人|差出人|보낸 사람){_COLON}",
    _FLAGS,
)
_SURE = (
    r"subject|betreff|thema|objet|sujet|asunto|onderwerp|oggetto|assunto|ämne|emne|temat|тема|aihe|主题|主旨|件名|제목|"
    r"sent|gesendet|envoyé|enviado(?: el| em)?|verzonden|inviato|skickat|sendt|wysłano|отправлено|发送时间|傳送時間|寄件日期|送信日時"
)
SURE_HEADER = re.compile(rf"(?:^|[\s*_])(?:{_SURE}){_COLON}", _FLAGS)
HEADER = re.compile(
    rf"[*_ ]{{0,3}}(?:{_SURE}|date|to|cc|bcc|datum|an|kopie|à|a|copie|para|fecha|data|reply-to|antwort an|"
    rf"aan|till|til|dato|дата|кому|копия|收件人|收件者|日時|宛先|보낸 날짜|받는 사람){_COLON}",
    _FLAGS,
)
HEADER_WITHIN = re.compile(r"\s(?:sent|gesendet|date|datum|subject|betreff|envoyé|objet): ", _FLAGS)
"""Headers that a program wrote into the line of the first one."""
RULE = 10  # signs of a line that Outlook draws above the headers

DELIMITER = re.compile(r"(?:--|—|__)\s{0,3}")
SIGNATURE_MARK = "-- "  # that of RFC 3676: what is below is a signature
SOFT_DELIMITER = re.compile(r"[-_*=~\u2013\u2014 ]{3,80}")
_DEVICE = (
    r"i(?:phone|pad|pod|machine|mac)|android|samsung|galaxy|huawei|xiaomi|pixel|handy|mobil\w{0,12}|smartphone|\w{0,5}phone|tablet|blackberry|"
    r"outlook|gmail|yahoo|gmx|web\.de|t-online|telekom|proton ?mail|hotmail|windows|mail|mailbird|thunderbird|typeapp|spark|"
    r"bluemail|superhuman|zoho|aol|device|gerät|appareil|dispositiv\w|móvil|téléphone|phone|zimbra|mailspring|edison|k-9|fairemail"
)
PHONE = re.compile(
    rf"[<(\[]{{0,2}}(?:sent|gesendet|verschickt|get|envoyé|enviado|inviato|verzonden|verstuurd|sendt|skickat|enviada|wysłane|отправлено)"
    rf"[^.!?,]{{0,40}}\b(?:{_DEVICE})\b(?:[^!?,]{{0,40}}|\s?[<(\[]\S{{2,120}}[>)\]].{{0,40}})[>)\]]{{0,3}}\.?"
    r"|(?:sent|get|envoyé|enviado|gesendet) .{0,40}\[?\b(?:outlook|mail)\b\]?\(https?:\S{2,120}\).{0,40}"
    r"|sent from my (?:[\w-]{2,20} ?){1,5}"
    r"|von yahoo mail .{2,30} gesendet"
    r"|(?:get|holen sie sich|laden sie|download|téléchargez|obtenga|obtener) outlook (?:for|für|pour|para) .{2,60}"
    r"|outlook (?:for|für) .{2,60} (?:beziehen|herunterladen)"
    rf"|von (?:meinem|meiner) [^.!?,]{{0,30}}\b(?:{_DEVICE})\b[^.!?,]{{0,20}}(?:gesendet|verschickt)\.?"
    rf"|diese (?:nachricht|e-?mail) wurde von (?:meinem|meiner) [^.!?,]{{0,30}}\b(?:{_DEVICE})\b.{{0,60}} gesendet\.?"
    r"|(?:von|from) (?:meinem|my) (?:iphone|ipad|android|samsung|handy|mobile|smartphone|blackberry)[^.!?,]{0,40}"
    r"|從我的 .{2,20} 傳送|iPhoneから送信|发自我的.{0,20}",
    _FLAGS,
)
"""What a telephone or a mail program writes about itself; a customer may have sent something else from Berlin."""
CLOSING = re.compile(
    r"(?:with )?(?:(?:best|kind|kindest|warm|warmest|many|my best)\s){0,3}(?:regards|wishes|thanks)"
    r"|(?:many thanks|thanks|thank you|thx)(?: (?:and|&) (?:best|kind)? ?regards| again| in advance| a lot| so much| very much)?"
    r"|(?:yours|sincerely|faithfully|truly|respectfully|cheers|best|all the best|br|rgds)(?: (?:sincerely|faithfully|truly|yours))?"
    r"|mit (?:\w{2,12}(?:,? ?(?:und)? ?\w{0,12})? )?gr(?:ü|ue)(?:ß|ss)en(?: aus .{2,40})?"
    r"|(?:\w{2,12}(?: und \w{2,12})? )?gr(?:ü|ue)(?:ß|ss)e(?: aus .{2,40})?|(?:\w{2,8} )?gru(?:ß|ss)"
    r"|mit \w{2,14} gru(?:ß|ss)|mfg|lg|vg|hg|hochachtungsvoll|(?:vielen |besten |herzlichen )?dank(?:e)?(?: (?:und|&) (?:\w{2,8} )?gr(?:ü|ue)(?:ß|ss)e| im voraus)?",
    _FLAGS,
)

THANKS = re.compile(r"\W*(?:many |vielen |besten |herzlichen )?(?:thank|thx|dank)", _FLAGS)
"""A closing that is in the middle of mails too."""
CLOSED_BY_NAME = re.compile(
    r"(?:LG|VG|BG|MfG|(?:\w{2,8} )?Gru(?:ß|ss)|(?:\w{2,8} )?Gr(?:ü|ue)(?:ß|ss)e|Best|Cheers),? [A-ZÄÖÜ][a-zäöüß]{1,20}[.!]?"
)
"""A closing with the name in its line, where it is the last one."""
BY_ORDER = re.compile(r"(?:i\. ?[AV]\.|ppa\.)\s", _FLAGS)  # before the name of who signs for a company, in German

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
SALUTATION = re.compile(
    r"(?:hallo|hi|hey|hello|dear|moin|servus|grüezi|guten (?:tag|morgen|abend)|good (?:morning|afternoon|evening)|"
    r"sehr geehrte\w{0,2}|liebe\w{0,2})\b[^.?]{0,60}",
    _FLAGS,
)
ANSWER = re.compile(
    r"\b(?:ja|nein|yes|no|ok|okay|gerne|option|variante|plan|angebot|choice|antwort|answer|rechnung|invoice|order|"
    r"bestell\w{0,10}|auftrag\w{0,15}|ticket|termin|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|morgen|heute|tomorrow|today)\b|^\W{0,3}[a-z0-9]\W{0,2}$",
    _FLAGS,
)
"""Short lines in which customers answer; names, titles and addresses have none of it."""
ROLE = re.compile(
    r"\b(?:attorney|counsel|lawyer|manager|director|engineer|developer|officer|president|partner|consultant|assistant|head of|"
    r"founder|owner|analyst|office|department|c[efot]o|ltd|inc|llc|gmbh|ag|kg|e\.?\s?k|rechtsanw\w{1,8}|\w{0,15}leit\w{1,6}|"
    r"geschäftsführ\w{1,6}|abteilung|sachbearbeit\w{1,6}|buchhaltung|inhaber\w{0,2})\b",
    _FLAGS,
)
"""What is in a card below a name."""
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
