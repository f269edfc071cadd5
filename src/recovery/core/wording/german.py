"""German: what must not stand in a text to a customer, and the signs of a good one."""

from __future__ import annotations

from collections.abc import Mapping

from recovery.core.wording.language import Language
from recovery.core.wording.lists import words
from recovery.core.wording.values import Sign, TextKind, WordingRule

__all__ = ["GERMAN"]

OWN = "O: wer den Fehler übernimmt, nennt keinen Schuldigen"

_OUTSIDE = words(
    """
    lieferant lieferanten zulieferer hersteller herstellers fabrik importeur importeurs händler händlers händlern händlerin
    spediteur spedition frachtführer kurier kuriers kurierdienst paketdienst paketdienstes paketdiensts versanddienstleister
    zusteller zustellers zustelldienst lieferdienst transportunternehmen transportfirma logistiker logistikpartner
    dienstleister subunternehmer subunternehmens drittanbieter verkäufer verkäufers vermittler vermieter reederei
    fluggesellschaft airline flughafen bahn versicherung zoll netzbetreiber telefongesellschaft anbieter zahlungsanbieter
    zahlungsdienstleister rechenzentrum großhändler werft dhl ups fedex hermes dpd gls amazon ebay paypal
    """,
    """
    deutsche post, andere firma, anderen firma, externe firma, externer dienstleister, dritte firma
    """,
)
_PEOPLE = words(
    """
    fahrer fahrers postbote postboten briefträger techniker technikers monteur monteurs handwerker kollege kollegen kollegin
    mitarbeiter mitarbeiters mitarbeiterin azubi praktikant praktikantin aushilfe vorgänger vorgängerin nachbar nachbarn
    vertrieb vertriebs buchhaltung lager lagers versandabteilung werkstatt hotel reisebüro hausverwaltung bank callcenter
    filiale außendienst
    """
)

LISTS: Mapping[str, tuple[str, ...]] = {
    "outsider": _OUTSIDE,
    "party": (*_OUTSIDE, *_PEOPLE, "post"),
    "fate": words(
        """
        wetter wetters wetterlage sturm sturms schnee schnees schneefall eis glätte regen regens hochwasser hitze unwetter
        streik streiks stau staus verkehr verkehrs pandemie corona krieg brexit stromausfall stromausfalls lieferengpässe
        lieferengpass lieferengpässen rohstoffmangel personalmangel pech zufall schicksal
        """,
        "höhere gewalt, höherer gewalt, menschliches versagen",
    ),
    "failed": words(
        """
        verloren verlegt verschlampt versäumt vergessen vergaß verpasst versagt beschädigt zerstört zerbrochen vertauscht
        verwechselt übersehen ignoriert verschuldet verursacht verzögert verspätet versäumte verlor beschädigte vergass
        falsch fehlerhaft schlampig unzuverlässig geschlampt gepatzt hängengelassen
        """,
        "im stich gelassen, nicht geliefert, nicht eingehalten, nicht gehalten, nicht gekommen, nicht erschienen, "
        "nicht gemeldet, "
        "nicht weitergeleitet, nicht zugestellt, nicht informiert, nicht rechtzeitig, zu spät, einen fehler gemacht, "
        "fehler gemacht",
    ),
    "cause": words(
        "wegen aufgrund infolge durch",
        "auf grund, bedingt durch, verursacht durch, verursacht von, schuld von, fehler von, in folge",
    ),
    "you_failed": words(
        "vergessen versäumt verpasst beschädigt verwechselt übersehen ignoriert verloren fallengelassen missverstanden verschuldet",
        "nicht gelesen, nicht beachtet, nicht befolgt, nicht gezahlt, nicht bezahlt, nicht geantwortet, nicht gemeldet, falsch "
        "angegeben, falsch eingegeben, falsch bedient, falsch ausgefüllt, falsch gelesen, fallen gelassen, nicht "
        "zurückgeschickt",
    ),
    "policy": words(
        """
        agb bedingungen geschäftsbedingungen richtlinien richtlinie vorgaben regelung regelungen bestimmungen
        garantiebedingungen vertragsbedingungen vorschriften kulanzregelung
        """,
        "allgemeine geschäftsbedingungen, allgemeinen geschäftsbedingungen",
    ),
    "negations": words("nicht kein keine keinen keiner keinem nie niemals weder ohne niemand"),
    "pleasantries": words("sehr liebe lieber guten hallo danke vielen herzlichen besten leider bedauerlicherweise entschuldigen"),
    "when": words(
        """
        montag dienstag mittwoch donnerstag freitag samstag sonntag morgen heute übermorgen sofort umgehend gleich januar
        februar märz april mai juni juli august september oktober november dezember stunden tagen tage woche wochen werktagen
        werktage minuten abend mittag uhr
        """
    ),
}

BLAME = WordingRule(
    id="de.blame",
    rule="own.no-blame",
    phrases=(
        "<party> ..8 <failed>",
        "dank (des | der | dem) ..2 (<party> | <fate>) ..6 <failed>",
        "<failed> ..2 (hat | haben | hatte) ..2 <party>",
        "<cause> ..3 (<party> | <fate>)",
        "(schuld | verantwortlich | ursache | grund | verursacher) ..2 (ist | sind | war | waren | trägt | hat) ..3 "
        "(<party> | <fate>)",
        "(<party> | <fate>) (ist | sind | war | waren | trägt | hat | haben) ..3 (schuld | verantwortlich | ursache "
        "| verantwortung)",
        "(fehler | schuld | versagen | verschulden | versäumnis | problem) ..1 (des | der | beim | bei der | eines | "
        "einer | vom | von) ..2 <party>",
        "(liegt | lag) ..2 (am | an der | an dem | an den | beim | bei der | bei) ..2 (<party> | <fate>)",
        "(unvorhersehbar* | unvorhergesehen* | unerwartet*) (umstände | umständen | ereignisse | ereignissen | "
        "probleme | problemen)",
        "(außerhalb | ausserhalb) ..1 (unserer | unseres | meiner) ..1 (macht | kontrolle | einflusses | "
        "einflussbereichs | verantwortung)",
        "(keinen | keinerlei) einfluss",
        "(nicht | nichts) ..2 (unsere | unser | unserer) ..1 (schuld | fehler | verantwortung | verschulden)",
        "(wir | ich) ..2 (können | kann) nichts dafür",
        "dafür (können | kann) (wir | ich) nichts",
        "(haften | haftet) (wir | ich)? ..2 nicht",
        "sie (haben | hatten) ..8 <you_failed>",
        "(haben | hatten) sie ..8 <you_failed>",
        "sie hätten ..8 (müssen | sollen | können)",
        "hätten sie ..8 (gelesen | gesagt | gemeldet | bezahlt | geprüft | gewartet | aufgepasst)",
        "(ihr | ihre | ihrer) eigen* ..1 (schuld | fehler | verschulden | verantwortung)",
        "(selbst | selber) schuld",
        "(unsachgemäß* | unsachgemäss* | falsch*) ..1 (benutzung | bedienung | gebrauch | behandlung | lagerung | "
        "montage | handhabung | nutzung)",
        "(mir | uns) ..2 niemand (gesagt | mitgeteilt | bescheid)",
        "(wurde | wurden) ich ..1 nicht informiert",
    ),
    unless=(
        "(nicht | weder | nie) ..2 (schuld | verantwortlich)",
        "(unser | unsere | mein | meine | unserem | unseren) ..1 (fehler | versehen | schuld | versäumnis)",
        "sie (haben | hatten) nichts ..2 <you_failed>",
        "fehler (liegt | lag) bei uns",
        "<party> (holt | bringt | tauscht | repariert | ersetzt | kommt ..3 und (bringt | tauscht | repariert | holt))",
        "(haben | habe) (wir | ich) ..6 <failed>",
        "(wir | ich) (haben | habe) ..6 <failed>",
    ),
    reason="es gibt jemandem oder etwas anderem die Schuld",
    better="Sagen Sie, was geschehen ist, dass es Ihnen leidtut, und was Sie bis wann tun; lassen Sie weg, wer es war.",
    source=OWN,
)

PASSING_ON = WordingRule(
    id="de.passing-on",
    rule="own.no-passing-on",
    phrases=(
        "(wenden | richten | kontaktieren | fragen | rufen | schreiben | melden | reklamieren | klären | bitten) sie "
        "..8 (<outsider> | werkstatt | bank | post)",
        "(bitte | müssten | müssen | können | sollten | könnten) ..4 (an | bei | beim | den | die | dem | ihren | "
        "mit) ..3 <outsider> ..4 "
        "(wenden | kontaktieren | anrufen | melden | reklamieren | klären | fragen | schreiben | verlangen | "
        "anfordern | einfordern)",
        "(wenden | richten) sie sich ..3 (an | direkt)",
        "(verweisen | verweise) ..2 sie ..2 an",
        "(ombudsmann | ombudsstelle | schlichtungsstelle | verbraucherzentrale | schiedsstelle)",
    ),
    unless=("an (mich | uns)", "(direkt | jederzeit | gern | gerne) an (mich | uns)"),
    kinds=frozenset({TextKind.MESSAGE, TextKind.ACKNOWLEDGEMENT, TextKind.PROPOSAL}),
    reason="es schickt den Kunden zu jemand anderem",
    better="Nehmen Sie es selbst in die Hand: 'Ich kläre das und rufe Sie am Donnerstag an.'",
    source=OWN,
)

POLICY = WordingRule(
    id="de.policy",
    rule="propose.no-policy-first",
    phrases=(
        "(laut | gemäß | gemäss | nach | entsprechend | aufgrund) ..2 <policy>",
        "(unsere | die) ..1 <policy> ..3 (sehen | sieht | sagen | sagt | besagen | schließen | erlauben | erlaubt | "
        "lassen | lässt | schreiben | schreibt | gestatten)",
        "<policy> (sehen | sieht | sagen | sagt | besagen | schließen | erlauben | erlaubt | lassen | lässt) ",
        "(unseren | unserer) ..1 <policy> (zufolge | nach | entsprechend)",
    ),
    kinds=frozenset({TextKind.PROPOSAL}),
    opening=True,
    reason="es beginnt mit unseren Regeln",
    better="Beginnen Sie mit dem, was wir tun können; die Regel erst, wenn sie bestritten wird.",
    source="D",
)

SIGNS: Mapping[Sign, tuple[str, ...]] = {
    Sign.THANKS: ("(dank | danke | danken | bedanke | bedanken | dankbar)",),
    Sign.INVITES: (
        "(erzählen | schildern | sagen | schreiben | antworten | melden | rufen | schicken | beschreiben | ergänzen) sie",
        "(lassen | teilen) sie (mich | uns | mir) ..2 (wissen | mit)",
        "(noch | sonst) (etwas | mehr)",
        "(gern | gerne) ..3 (hören | erfahren)",
    ),
    Sign.TAKES_ON: (
        "(entschuldig* | leid | bedauere | bedauern | bedaure | verzeihung)",
        "(kümmere | kümmern | übernehme | übernehmen | kläre | klären | prüfe | prüfen | bringe | bringen | sorge | sorgen)",
        "(wir | ich) (können | kann | werden | werde | ersetzen | ersetze | erstatten | erstatte | schicken | "
        "schicke | reparieren | tauschen | liefern | zahlen)",
        "(unser | mein) (fehler | versehen)",
        "(das | dies) können wir",
        "sie (bekommen | erhalten)",
    ),
    Sign.NEXT_STEP: ("<when>", "(binnen | innerhalb)", "(bis | am | ab) ..1 (zum | nächsten)"),
}

GERMAN = Language(rules=(BLAME, PASSING_ON, POLICY), lists=LISTS, signs=SIGNS)
"""German, for what is a must."""
