"""The texts for customers in German, for reading aloud as well: formal, warm, short. Colleagues read the desk's own language."""

from __future__ import annotations

from collections.abc import Mapping

from recovery.templates.drafts_german import DRAFTS
from recovery.templates.language import Language, Sheet
from recovery.templates.text import Text

__all__ = ["GERMAN"]

CUSTOMER: Mapping[str, Text] = {
    "receipt": Text(
        "Ihre Nachricht ist bei uns",
        (
            "Danke, dass Sie sich melden. Ihre Nachricht ist angekommen, und $owner_name kümmert sich darum.",
            "Sie hören persönlich von $owner_name, spätestens am $next_word_at.",
            "Ihr Zeichen bei uns ist $reference. Wenn Sie auf diese Nachricht antworten, geht das direkt an $owner_name.",
        ),
    ),
    "chase": Text(
        "Wir warten auf Ihre Antwort",
        (
            "Wir möchten mit Ihrem Anliegen gern weiterkommen und brauchen dafür ein Wort von Ihnen.",
            "Unsere Frage war: $question",
            "Das hatten wir Ihnen vorgeschlagen:\n$proposal",
            "Eine kurze Antwort auf diese Nachricht genügt.",
        ),
        spoken=(
            "Wir möchten mit Ihrem Anliegen gern weiterkommen und brauchen dafür ein Wort von Ihnen.",
            "Unsere Frage war: $question",
            "Das hatten wir Ihnen vorgeschlagen:\n$proposal",
            "Was meinen Sie dazu?",
        ),
    ),
    "chase_again": Text(
        "Dürfen wir noch einmal fragen?",
        (
            "Wir haben noch nichts von Ihnen gehört, und Ihr Anliegen ist bei uns weiter offen.",
            "Unsere Frage war: $question",
            "Das hatten wir Ihnen vorgeschlagen:\n$proposal",
            "Wenn es gerade nicht passt, sagen Sie uns einfach, wann wir wieder fragen dürfen.",
        ),
        spoken=(
            "Wir haben noch nichts von Ihnen gehört, und Ihr Anliegen ist bei uns weiter offen.",
            "Unsere Frage war: $question",
            "Das hatten wir Ihnen vorgeschlagen:\n$proposal",
            "Was meinen Sie dazu? Und wenn es gerade nicht passt: Wann dürfen wir wieder fragen?",
        ),
    ),
    "arrival_check": Text(
        "Ist alles angekommen?",
        (
            "Ist es bei Ihnen angekommen? Es sollte inzwischen da sein.",
            "Das haben wir Ihnen geschickt: $delivery",
            "Wenn es noch fehlt, sagen Sie uns bitte Bescheid. Wir gehen der Sache dann nach.",
        ),
        spoken=(
            "Ist es bei Ihnen angekommen? Es sollte inzwischen da sein.",
            "Das haben wir Ihnen geschickt: $delivery",
            "Wenn es noch fehlt, gehen wir der Sache nach.",
        ),
    ),
    "no_answer_notice": Text(
        "Wir fragen nicht weiter, aber die Tür bleibt offen",
        (
            "Wir haben Sie mehrmals gefragt und nichts von Ihnen gehört. Deshalb schließen wir Ihr Anliegen fürs Erste.",
            "Es geht nichts verloren: Ein Wort von Ihnen genügt, und es geht weiter. Antworten Sie einfach auf diese Nachricht.",
        ),
        spoken=(
            "Wir haben Sie mehrmals gefragt und nichts von Ihnen gehört. Deshalb schließen wir Ihr Anliegen fürs Erste.",
            "Es geht nichts verloren: Ein Wort von Ihnen genügt, und es geht weiter. So erreichen Sie uns: $reach",
        ),
    ),
    "lost_customer_asked": Text("Darf ich fragen, warum Sie gegangen sind?", ("$text", "So erreichen Sie mich: $reach")),
    "survey": Text(
        "Wie waren wir?",
        (
            "Sie haben uns gesagt, dass es gelöst ist, und das freut uns. Dürfen wir Ihnen ein paar kurze Fragen dazu stellen, wie"
            " wir uns um Sie gekümmert haben?",
            "$asks",
            "Antworten Sie einfach auf diese Nachricht, mit einem Wort zu jeder Frage. Jede Antwort liest ein Mensch.",
            "Wenn es Ihnen lieber ist, können Sie hier antworten: $link",
        ),
        spoken=(
            "Sie haben uns gesagt, dass es gelöst ist, und das freut uns. Dürfen wir Ihnen ein paar kurze Fragen dazu stellen, wie"
            " wir uns um Sie gekümmert haben?",
            "$asks",
            "Danke. Jede Antwort liest ein Mensch.",
        ),
    ),
    "acknowledged": Text(
        "Ich kümmere mich um Ihr Anliegen",
        (
            "$text",
            "Mein Name ist $name. So erreichen Sie mich: $reach",
            "Sie hören spätestens am $next_word_at wieder von mir, und früher, wenn ich mehr weiß.",
        ),
    ),
    "customer_informed": Text("Neues zu Ihrem Anliegen", ("$text", "Sie hören spätestens am $next_word_at wieder von mir.")),
    "question_asked": Text("Eine Frage zu Ihrem Anliegen", ("$text", "Meine Frage ist: $question", "Bei uns steht dazu: $on_file")),
    "proposed": Text(
        "Was wir tun können",
        (
            "$text",
            "Damit haben Sie sich an uns gewandt: $issue\nEs tut mir leid, dass Sie deswegen Ärger hatten.",
            "$counter_answer",
            "Das können wir für Sie tun:\n$options\nSagen Sie mir, was Ihnen zusagt, oder was Ihnen lieber wäre.",
            "$explanation",
            "Danach richten wir uns:\n$guideline",
        ),
    ),
    "case_resolved": Text(
        "Das Ergebnis zu Ihrem Anliegen",
        (
            "$text",
            "$done",
            "$reasons",
            "Es sollte bis $deliver_by_at bei Ihnen sein.",
            "Wenn Sie es anders sehen, können Sie sich auch hierhin wenden: $elsewhere",
        ),
    ),
    "incident_outreach": Text(
        "Wir müssen Ihnen etwas sagen",
        (
            "Sie haben sich nicht beschwert, und das sollen Sie auch nicht müssen: Sie erfahren es lieber von uns.",
            "Es geht um Folgendes: $issue",
            "$text",
            "Mein Name ist $name, und ich sorge dafür, dass es in Ordnung kommt. So erreichen Sie mich: $reach",
            "Sie hören wieder von mir, spätestens am $next_word_at, und früher, wenn ich mehr weiß.",
        ),
    ),
    "claim_sent": Text(
        "Es ist unterwegs zu Ihnen",
        (
            "Das haben wir am $sent_at an Sie abgeschickt: $delivery",
            "Es kommt mit $carrier.",
            "So können Sie es verfolgen: $tracking",
        ),
    ),
    "claim_refunded": Text(
        "Ihr Geld ist unterwegs",
        (
            "Das haben wir Ihnen am $sent_at überwiesen: $delivery",
            "Es kommt über $carrier.",
            "Der Verwendungszweck ist $tracking.",
        ),
    ),
    "claim_decided": Text("Es ist entschieden", ("Das wurde am $decided_at entschieden.",)),
    "claim_excepted": Text("Eine Ausnahme für Sie", ("Wir haben für Sie eine Ausnahme gemacht.",)),
    "promise_moved": Text("Ein neuer Termin", ("$text", "Der neue Termin ist $due_at.")),
    "delivery_moved": Text(
        "Ein neuer Termin für Ihre Lieferung",
        ("$text", "Darauf warten Sie: $delivery", "Es sollte bis $by_date_at bei Ihnen sein."),
    ),
    "arrival_checked": Text(
        "Ist alles angekommen?",
        ("$text", "Das haben wir Ihnen geschickt: $delivery", "Wenn es noch fehlt, gehe ich der Sache nach."),
    ),
    "follow_up_made_days": Text(
        "Ist es wirklich gelöst?",
        (
            "$text",
            "Darum ging es: $issue",
            "Ist das aus Ihrer Sicht gelöst?$asks_solved",
            "Und haben wir Sie so behandelt, wie Sie es erwarten?$asks_treatment",
            "Kann ich sonst noch etwas für Sie tun?",
            "Wenn es gelöst ist, schicken wir Ihnen ein paar kurze Fragen dazu, wie wir waren.$asks_survey",
            "So erreichen Sie mich direkt: $reach",
        ),
    ),
    "follow_up_made_weeks": Text(
        "Ist es noch immer gelöst?",
        (
            "$text",
            "Vor einigen Wochen ging es darum: $issue",
            "Ist das noch immer gelöst?$asks_solved",
            "Haben wir Sie, wenn Sie zurückblicken, so behandelt, wie Sie es erwarten?$asks_treatment",
            "Kann ich sonst noch etwas für Sie tun?",
            "So erreichen Sie mich direkt: $reach",
        ),
    ),
}

GERMAN = Language(
    code="de",
    greeting="Guten Tag $name,",
    hello="Guten Tag,",
    answer="Antworten Sie einfach auf diese Nachricht.",
    closing=("Freundliche Grüße", "$owner_name", "$company"),
    machine=("Freundliche Grüße", "$signed"),
    ours=("Ihr Serviceteam",),
    sheet=Sheet(
        subject="$how $whom: $subject",
        how=("Persönlich zu", "Anruf bei"),
        whom=("$how $whom", "$address", "Anliegen $reference: $issue"),
        say="Sagen",
        opening=("Guten Tag, mein Name ist $owner_name.", "Ich rufe für $company an.", "Spreche ich mit $customer?"),
        ending=("Kann ich sonst noch etwas für Sie tun?", "So erreichen Sie mich: $reach"),
        answer="Antwort: ______________________________",
        afterwards="Danach",
        then=(
            "Schreiben Sie auf, was gesagt wurde, in den Worten der Kundin oder des Kunden.",
            "Eine Mailbox oder ein Klingeln ohne Antwort ist ein Versuch: noch einmal anrufen, oder schreiben.",
        ),
    ),
    texts=CUSTOMER,
    drafts=DRAFTS,
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    date="{weekday}, {day}. {month} {year}, {time} Uhr",
    day="{day}. {month} {year}",
)  # fmt: skip
"""German, with every text that customers read."""
