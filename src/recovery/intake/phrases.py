"""The phrases by which mail programs and mail systems give themselves away, in the languages they speak: parts of patterns.

They are compared without regard to case. ``|`` parts them; nothing in them can match without end.
"""

from __future__ import annotations

__all__ = [
    "AUTOMATIC_REPLY",
    "AWAY",
    "BEGINNINGS",
    "COPY",
    "DELAY",
    "DELIVERY_WORDS",
    "DEVICES",
    "FIELDS",
    "FINAL",
    "FORWARDED",
    "FORWARDED_BARE",
    "FROM",
    "GET",
    "MACHINES",
    "NOTICE_SUBJECT",
    "ORIGINAL",
    "SAYS_SO",
    "SENT",
    "SENT_FROM",
    "SENT_LAST",
    "UNDELIVERED",
    "WROTE",
]

WROTE = (
    r"wrote|writes|said|pisze|schrieb|geschrieben|a écrit|a ecrit|écrit|escribió|escribio|escribi[óo]|ha scritto|scrisse|schreef|"
    r"heeft geschreven|escreveu|napisał\(?a?\)?|napisał|napisała|napisał\(-a\)|пишет|написал\(?а?\)?|написал|написала|"
    r"писал\(?а?\)?|skrev|napsal\(?a?\)?|írta|a scris|yazdı|şunu yazdı|έγραψε|כתב|כתבה|كتب|كتبت|写道|寫道|"
    r"kirjoitti|пише|написав|написала|đã viết|เขียนว่า|のメッセージ|のメール|さんは書きました|書きました|님이 작성|작성|쓴 글"
)
"""What ends the line above a quotation: ``On Monday Bo wrote:``."""

BEGINNINGS = (
    r"On|Am|Le|El|Il|Op|Em|W dniu|Dnia|Den|A|V|Dne|Pe|Vào|เมื่อ|Στις|At|\d{1,4}[./年\s-]|пн|вт|ср|чт|пт|сб|вс|[А-Яа-я]+,? \d|"
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b|(?:lun|mar|mer|jeu|ven|sam|dim|gio|sab|dom)\.?\b|在|בתאריך|في"
)
"""How the line above a quotation begins."""

ORIGINAL = (
    r"original(?:[ -]?)message|original appointment|reply message|urspr(?:ü|ue)ngliche (?:nachricht|mail|e-mail)|"
    r"original-?nachricht|originalnachricht|message d['’]origine|message original|message initial|mensaje original|"
    r"messaggio originale|messaggio di origine|oorspronkelijk bericht|mensagem original|oryginalna wiadomość|"
    r"wiadomość oryginalna|исходное сообщение|оригинальное сообщение|пересылаемое сообщение|original(?:t|) ?meddelande|"
    r"ursprungligt meddelande|oprindelig (?:meddelelse|besked)|opprinnelig (?:melding|e-post)|alkuperäinen viesti|"
    r"původní (?:zpráva|e-mail)|eredeti (?:üzenet|levél)|orijinal (?:mesaj|ileti)|özgün (?:mesaj|ileti)|mesaj original|"
    r"αρχικό μήνυμα|原始邮件|原始郵件|邮件原件|回复的原邮件|元のメッセージ|元のメール|원본 (?:메일|메시지)|original mail|"
    r"הודעה מקורית|الرسالة الأصلية"
)
"""What stands between dashes above a quotation."""

FORWARDED = (
    r"forwarded message|forwarded by|weitergeleitete nachricht|message transféré|message transmis|mensaje reenviado|"
    r"messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|przekazana wiadomość|wiadomość przekazana|"
    r"пересланное сообщение|пересылаемое сообщение|転送メッセージ|转发的邮件|轉寄郵件|رسالة معاد توجيهها"
)
"""What stands between dashes above a mail that is passed on."""

FORWARDED_BARE = (
    r"-+ begin forwarded text|"
    r"begin forwarded message|anfang der weitergeleiteten|début du message (?:réexpédié|transféré)|inizio messaggio inoltrato|"
    r"inicio del mensaje reenviado|begin doorgestuurd bericht|vidarebefordrat brev|start på videresendt|"
    r"videresendt melding|początek przekazan|początek przesłan|início da mensagem (?:reencaminhada|encaminhada)|"
    r"начало переадресованного|začátek přeposílané|iletilen ileti|転送されたメッセージ|下面是被转发的邮件|以下是被轉寄的郵件|"
    r"전달된 메(?:시지|일)"
)
"""The same, without dashes."""

FROM = (
    r"from|von|de|da|van|od|от|от кого|från|fra|kimden|gönderen|lähettäjä|feladó|de la|від|από|发件人|發件人|寄件者|寄件人|差出人|"
    r"보낸 ?사람|מאת|من"
)
"""The name of the field that says who wrote, in the header that Outlook repeats above a quotation."""

FIELDS = (
    rf"{FROM}|sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé(?: le)?|à|objet|enviado(?: el| em| a)?|"
    r"enviada (?:em|a)|fecha|data|para|asunto|assunto|inviato|a|oggetto|verzonden|aan|onderwerp|wysłan[oey]|do|temat|"
    r"отправлено|дата|кому|тема|skickat|till|ämne|sendt|dato|til|emne|gönderildi|gönderme tarihi|gönderilme tarihi|tarih|"
    r"kime|alıcı|konu|lähetetty|päivämäärä|vastaanottaja|aihe|odesláno|komu|předmět|elküldve|dátum|címzett|tárgy|trimis|către|"
    r"subiect|надіслано|εστάλη|στάλθηκε|προς|θέμα|"
    r"发送时间|发送日期|寄件日期|日期|收件人|收件者|主题|主旨|日時|送信日時|宛先|件名|보낸 ?날짜|날짜|받는 ?사람|"
    r"제목|נשלח|תאריך|אל|נושא|تاريخ|تاريخ الإرسال|تم الإرسال|إلى|الموضوع"
)
"""The names of the header fields that Outlook repeats above a quotation."""

SENT_FROM = (
    r"sent from (?:my|outlook|mail|yahoo|proton|samsung)|get outlook for|von meinem .{2,40} gesendet|gesendet (?:von|mit) |"
    r"diese nachricht wurde von meinem|envoy[ée] (?:de(?:puis)?|à partir de) (?:mon|ma|outlook|yahoo)|envoyé de mon|"
    r"enviado desde (?:mi|mail|outlook)|inviato da(?:l mio)? |inviato dal mio|verstuurd vanaf mijn|verzonden (?:vanaf|met) |"
    r"enviado do (?:meu|yahoo)|wysłan[eo] z |отправлено (?:с|из) |iPhoneから送信|发自我的|從我的|أرسلت من|sendt fra min|"
    r"skickat från min"
)
"""How telephones sign."""

SENT = (
    r"sent (?:from|via|with|using|by)|gesendet|envoy[ée]e?|enviad[oa]|inviat[oa]|verstuurd|verzonden|gestuurd|wysłan[eoy]|"
    r"отправлено|надіслано|skickat|sendt|lähetetty|odesláno|elküldve|trimis|στάλθηκε|发自|來自|来自|發自|從|"
    r"مرسل|مُرسل|أرسل|أُرسلت|تم الإرسال|נשלח"
)
"""The word with which such a line begins."""

GET = (
    r"get|obtenir|télécharger|obt[eé]n(?:er|ga)?|obter|ottieni|scarica|pobierz|получите|skaffa|hämta|hent|hanki|získejte|"
    r"stáhnout|获取(?:适用于)?|取得|下载|احصل|קבל"
)
"""The word by which its maker praises a program."""

SENT_LAST = (
    r"gesendet|herunterladen|beziehen|downloaden|gönderildi|edinin|indirin|送信|を入手|傳送|发送|發送|보냄|보냈습니다|"
    r"다운로드|küldve|letöltése"
)
"""The word with which it ends, where the language puts it there."""

DEVICES = (
    r"i(?:phon[eu]|pad|os)|android|galaxy|samsung|huawei|honor|华为|xiaomi|小米|redmi|oneplus|pixel|nokia|blackberry|outlook|"
    r"windows|yahoo|proton ?mail|gmx|web\.de|t-online|k-9|fairemail|em client|mail\.ru|яндекс|yandex|orange|libero|"
    r"laposte|free mail|spark|airmail|bluemail|thunderbird|qq邮箱|网易|foxmail|naver|네이버|smartphone|mobil\w{0,9}|"
    r"手机|手機|телефона|tablet"
)
"""The things and programs it names."""

AUTOMATIC_REPLY = (
    r"automatic reply|autom(?:atische|\.) (?:antwort|antwoord)|auto(?:matic)?[- ]?(?:reply|response|responder)|autoreply|"
    r"autosvar|réponse automatique|respuesta automática|risposta automatica|automatisch antwoord|resposta automática|"
    r"odpowiedź automatyczna|automatisch(?:e|) antwoord|autoantwort|automatische e-mail-antwort|автоответ(?:чик)?|"
    r"автоматический ответ|自動応答|自動返信|自动答复|自动回复|自動回覆|自動回復|رد تلقائي|automatick[áé] odpově[dď]í?|"
    r"automatikus válasz|otomatik yanıt|automatiskt svar|automaattinen vastaus|automatisk svar|"
    r"automatische (?:reactie|antwort auf)|autoodpowiedź|contestador automático|"
    r"자동 ?(?:회신|응답)|(?:תגובה|תשובה) אוטומטית|מענה אוטומטי|răspuns automat|αυτόματη απάντηση|автоматична відповідь"
)
"""What an automatic reply puts before the subject, with a colon."""

SAYS_SO = (
    r"this is an auto(?:mated|matic) (?:response|reply) to your (?:message|mail)|"
    r"dies ist eine automatische antwort auf ihre nachricht|ceci est une réponse automatique à votre message|"
    r"esta es una respuesta automática a(?:l| su) mensaje|questa è una risposta automatica al messaggio|"
    r"dit is een automatisch antwoord op uw bericht|esta é uma resposta automática (?:à|para a) sua mensagem|"
    r"to jest automatyczna odpowiedź na wiadomość"
)
"""What Notes writes below an automatic reply; its subject begins with ``AUTO:``, as do those of people who write about cars."""

AWAY = (
    r"out of (?:the )?office|abwesenheits(?:notiz|meldung|nachricht)|abwesend|absence du bureau|message d['’]absence|"
    r"fuera de la oficina|fuori ufficio|niet op kantoor|afwezig(?:heid(?:sbericht)?)?|ausente do escritório|"
    r"fora do escritório|nieobecność|poza biurem|vacation reply|afwezigheidsmelding|not in (?:the )?office|不在通知|外出のため"
)
"""What says in a subject that somebody is away."""

UNDELIVERED = (
    r"undeliverable|unzustellbar|non remis|no se puede entregar|impossibile recapitare|non recapitabile|onbestelbaar|"
    r"não é possível entregar|niedostarczalne|не удается доставить|未送达|配信不能|无法投递|"
    r"undelivered mail returned to sender|mail delivery (?:failed|failure|system)|"
    r"delivery (?:status notification|failure|has failed|report)|failure notice|returned mail\b|mail could not be delivered|"
    r"mail delivery warning|mail system error|message undeliverable|undeliverable mail|"
    r"warning: (?:could not send message|message .{1,40} delayed)|delivery notification: delivery has"
)
"""How the subject of a notice of a mail system begins."""

DELIVERY_WORDS = (
    r"could not be delivered|delivery (?:has )?failed|permanent (?:fatal )?error|couldn't be delivered|wasn't able to deliver|"
    r"unable to deliver|not be delivered|did not reach|undeliverable|user unknown|konnte nicht zugestellt|"
    r"n'a pas pu être remis|no se pudo entregar|550[ -]|5\.\d\.\d|mailbox|recipient|postponed|delayed"
)
"""What such a notice says, if it is one."""

MACHINES = (
    r"this message was created automatically by mail delivery software|this is an automatically generated delivery status|"
    r"this is the mail system at host|hi\. this is the qmail-send program|"
    r"i'm sorry to have to inform you that your message could not"
)
"""How a mail system begins to speak."""

FINAL = (
    r"permanent(?:ly)?[ \w]{0,20}(?:error|failure|failed|fatal|delivery)|(?:could ?n[o']t|can ?not|can't|not) be delivered|"
    r"undeliver(?:able|ed)|delivery problems|del[ie]very to the following recipients?[ \w]{0,20}(?:failed|aborted)|"
    r"user not known|(?:unable|not able|wasn't able|failed) to deliver|not (?:been )?delivered|"
    r"delivery (?:has )?(?:failed|failure)|(?:wasn't|was not) delivered|return(?:ing|ed) (?:message|mail|to sender)|to sender|"
    r"has been returned|user unknown|unknown (?:user|recipient|address)|no such user|"
    r"invalid (?:final delivery userid|recipient|address)|does ?n[o']t exist|mailbox (?:unavailable|not found|is full)|"
    r"gave up|giving up|i've given up|did not (?:reach|receive)|not listed in|address(?:es)? (?:failed|rejected|not found)|"
    r"failed (?:addresses|recipients)|automatically rejected|was rejected|konnte nicht zugestellt|unzustellbar|"
    r"n['’]a pas p[uû] [eê]tre|non remis|no se pudo entregar|no se ha podido entregar|impossibile recapitare|"
    r"non è stato possibile|niet worden bezorgd|onbestelbaar|não foi possível entregar|nie można było dostarczyć|"
    r"niedostarczal|не удалось доставить|не доставлено|не может быть доставлено|配信できません|送信できませんでした|无法投递|"
    r"未能送达|退信|تعذر تسليم"
)
"""What says that a mail came back for good."""

DELAY = (
    r"(?:has been|is|was) delayed|message delayed|will (?:be retried|be retrying|retry|keep trying)|"
    r"continue to (?:try|attempt)|attempts? will continue|still being retried|not yet been delivered|transient non-fatal|"
    r"could not send message for past|warning message only|do not need to resend|postponed|delivery incomplete|advisory-only|"
    r"verzögert|weitere zustellversuche|a été retardée|se ha retrasado|è stat[oa] ritardat|is vertraagd|opóźnion|задержан|"
    r"задерживается|遅延|延迟"
)
"""What says that a mail may still arrive."""

NOTICE_SUBJECT = (
    r"undeliver|unzustellbar|mail delivery|delivery (?:status|failure|report|notification|has failed)|failure notice|"
    r"returned mail|(?:mail|message) (?:could not be|not delivered)|warning: (?:could not send|message)|non-?deliver|"
    r"mail system error|non remis|no se puede entregar|impossibile recapitare|onbestelbaar|não é possível entregar|"
    r"niedostarcz|не удается доставить|未送达|配信不能|无法投递|退信|delivery delayed|warning message|rejected mail"
)
"""What stands in the subject of a notice of a mail system."""

COPY = (
    r"this is a copy of (?:the|your) message|below this line is a copy of the message|original message|"
    r"message headers? follow|unsent message (?:below|follows)|returned message|"
    r"the (?:body|headers?) of (?:the|your) message|this is a copy of the headers? of|the header and top \d+ lines|"
    r"transcript of session follows -+ copy"
)
"""What stands above the mail that a notice brings back."""
