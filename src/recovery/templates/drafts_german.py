"""What a person might say, drafted in German."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DRAFTS"]

DRAFTS: Mapping[str, tuple[str, ...]] = {
    "acknowledge": (
        "Danke, dass Sie uns Bescheid geben. Es tut mir leid, dass Sie damit Ärger haben.",
        "Ich nehme das selbst in die Hand und sehe es mir jetzt an. Ich sage Ihnen, was ich herausfinde und was wir tun können.",
        "Wenn noch etwas dazugehört, erzählen Sie es mir bitte. Es hilft uns, die Sache in Ordnung zu bringen.",
    ),
    "progress": (
        "Ich möchte Sie nicht ohne ein Wort lassen: Ich arbeite weiter an Ihrem Anliegen, und heute gibt es noch nichts Neues.",
        "Ich bleibe dran und schreibe Ihnen, sobald ich mehr weiß.",
    ),
    "proposal_open": (
        "Mein Vorschlag gilt weiter, und ich wüsste gern, was Sie davon halten.",
        "Wenn Ihnen etwas daran nicht zusagt, sagen Sie es mir, und ich suche einen anderen Weg.",
    ),
    "not_yet": (
        "Ich habe noch keinen Vorschlag für Sie, und es tut mir leid, dass es so lange dauert.",
        "Ich arbeite daran. Bis zu dem Tag, den ich unten nenne, haben Sie ihn, oder Sie hören, warum nicht.",
    ),
    "answer": (
        "Danke für Ihre Nachricht. Ich habe sie gelesen und zu Ihrem Anliegen gelegt, Sie müssen uns nichts zweimal erzählen.",
        "Ich gehe dem nach, was Sie schreiben, und melde mich mit einer Antwort bei Ihnen.",
    ),
    "answer_to_decline": (
        "Danke, dass Sie mir offen sagen, dass Ihnen das nicht zusagt.",
        "Lieber wäre Ihnen: $counter_offer",
        "Ich sehe noch einmal nach, was wir tun können, und melde mich mit einem neuen Vorschlag.",
    ),
    "agreed": (
        "Danke. Dann ist das vereinbart: $option",
        "Es sollte bis $deliver_by_at bei Ihnen sein.",
        "Ich kümmere mich jetzt darum und frage nach, ob es angekommen ist.",
    ),
    "agreed_and_done": (
        "Danke. Dann ist das vereinbart: $option",
        "In ein paar Tagen frage ich Sie, ob das Problem damit wirklich gelöst ist.",
    ),
    "on_its_way": (
        "Ich habe eine gute Nachricht: Es ist unterwegs zu Ihnen.",
        "Ich behalte es im Auge und frage nach, ob es angekommen ist.",
    ),
    "ask": ("Um das in Ordnung zu bringen, brauche ich etwas von Ihnen, das ich selbst nicht herausfinden kann.",),
    "propose": ("Ich bin der Sache selbst nachgegangen und möchte sie in Ordnung bringen.",),
    "propose_again": (
        "Sie haben mir gesagt, was Ihnen nicht zusagt, und ich habe noch einmal nachgesehen.",
        "Sie hatten sich das gewünscht: $counter_offer",
    ),
    "no": (
        "Ich habe mir das genau angesehen, und es tut mir leid, dass ich Ihren Wunsch nicht erfüllen kann.",
        "Unten lesen Sie, was wir versucht haben und warum es nicht ging.",
    ),
    "done": ("Worum Sie gebeten haben, ist erledigt. Es tut mir leid, dass Sie erst darum bitten mussten.",),
    "final_no": (
        "Wir haben das noch einmal gründlich geprüft. Es tut mir leid, aber Ihren Wunsch können wir nicht erfüllen.",
        "Sie sollen wissen, warum, und wohin Sie sich noch wenden können.",
    ),
    "lost": (
        "Sie haben sich entschieden zu gehen, und ich respektiere das. Danke für die Zeit, in der Sie bei uns waren.",
        "Ich möchte verstehen, was Sie dazu gebracht hat, damit wir es besser machen. Sie sind uns keine Antwort schuldig. Wenn "
        "Sie mir davon erzählen möchten, lese ich jedes Wort.",
    ),
    "move_promise": (
        "Ich hatte Ihnen dafür einen Tag genannt: $promise",
        "Bis dahin schaffe ich es nicht, und das tut mir leid. Ich sage es Ihnen jetzt, damit Sie planen können.",
    ),
    "move_delivery": (
        "Es dauert länger, als ich Ihnen gesagt habe, und das tut mir leid.",
        "Ich behalte es im Auge und frage nach, ob es angekommen ist.",
    ),
    "check_arrival": ("Ich möchte sicher sein, dass alles bei Ihnen angekommen ist.",),
    "follow_up_days": ("Ein paar Tage sind vergangen, und ich möchte von Ihnen hören, wie es steht.",),
    "follow_up_weeks": ("Ich habe Sie nicht vergessen und möchte sicher sein, dass alles noch in Ordnung ist.",),
    "follow_up_no": ("Ich konnte Ihren Wunsch nicht erfüllen, und ich habe das nicht vergessen.",),
}
"""By what a person would say: the paragraphs of the draft."""
