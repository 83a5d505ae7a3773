import { advice, type ErrorGuide } from '../error-advice.ts';

const newerVersion = 'Konsole und Agenten auf dieselbe Version bringen, dann erneut versuchen.';
const checkCertificate =
  'Die Zertifikate der Konsole und des Knotens prüfen, und die Zertifizierungsstelle, der beide vertrauen.';
const correctFilter = 'Den markierten Teil des Filters berichtigen.';
const reload = 'Das Fenster neu laden. Geschieht es wieder, die Konsole neu starten.';
const runAgain = 'Die Aktion erneut ausführen.';
const nameTaken = 'Einen anderen Namen wählen. Groß- und Kleinschreibung zählt nicht.';

/** What to do about each failure, in German. */
export const errorGuide: ErrorGuide = {
  'frame.malformed': advice('Eine Nachricht ließ sich nicht lesen', newerVersion),
  'frame.truncated': advice('Eine Nachricht kam unvollständig an', runAgain),
  'frame.version': advice('Eine Nachricht hat eine andere Version', newerVersion),
  'frame.oversized': advice(
    'Eine Nachricht war zu groß',
    'Weniger auf einmal anfordern, oder von weniger Knoten auf einmal.',
  ),
  'frame.compression': advice('Eine Nachricht ließ sich nicht entpacken', runAgain),
  'message.malformed': advice('Eine Nachricht ergibt keinen Sinn', newerVersion),
  'signature.invalid': advice('Eine Signatur stimmt nicht', checkCertificate),
  'certificate.untrusted': advice('Einem Zertifikat wird nicht vertraut', checkCertificate),
  'certificate.expired': advice(
    'Ein Zertifikat ist abgelaufen',
    'Das Zertifikat erneuern, dann die Verbindung neu aufbauen.',
  ),
  'certificate.revoked': advice(
    'Ein Zertifikat wurde widerrufen',
    'Von der Zertifizierungsstelle ein neues ausstellen lassen.',
  ),
  'certificate.request': advice('Ein Zertifikatsantrag ist nicht verwendbar', 'Einen neuen erzeugen: muster keys new.'),
  'revocations.unreadable': advice(
    'Die Widerrufsliste ist nicht verwendbar',
    'Die Liste der Zertifizierungsstelle, crl.pem, dorthin bringen, wo die Konfiguration sie erwartet.',
  ),
  'revocations.stale': advice(
    'Die Widerrufsliste ist veraltet',
    'Sie mit muster ca crl neu schreiben, und dorthin bringen, wo die Konfiguration sie erwartet.',
  ),
  'authority.missing': advice('Es gibt keine Zertifizierungsstelle', 'Eine anlegen: muster ca init FOLDER.'),
  'authority.exists': advice('Hier gibt es schon eine Zertifizierungsstelle', 'Einen anderen Ordner wählen.'),
  'authority.damaged': advice(
    'Das Register der Zertifizierungsstelle ist beschädigt',
    'Es aus einer Sicherung wiederherstellen.',
  ),
  'authority.unknown_certificate': advice('Dieses Zertifikat gibt es nicht', 'Alle zeigt muster ca list.'),
  'authority.silent': advice(
    'Die Zertifizierungsstelle antwortet nicht',
    'Nachsehen, ob muster ca serve läuft, und erneut versuchen.',
  ),
  'join.unreadable': advice('Die Einladung ist nicht lesbar', 'Sie noch einmal vollständig kopieren lassen.'),
  'join.unknown_invitation': advice('Diese Einladung gibt es nicht', 'Eine neue ausstellen lassen: muster ca invite.'),
  'join.not_invited': advice(
    'Die Einladung gilt für andere',
    'Eine für diesen Namen ausstellen lassen: muster ca invite.',
  ),
  'join.used': advice('Die Einladung ist verbraucht', 'Eine neue ausstellen lassen: muster ca invite.'),
  'join.rejected': advice('Die Beitrittsanfrage wurde abgelehnt', 'Nachfragen, wer sie abgelehnt hat.'),
  'join.identity_taken': advice(
    'Der Name hat schon ein Zertifikat',
    'Wurde der Rechner neu aufgesetzt: die Anfrage genehmigen und dabei das alte Zertifikat ersetzen lassen.',
  ),
  'join.key_known': advice('Für den Schlüssel gab es schon ein Zertifikat', 'Mit einem neuen Schlüssel beitreten.'),
  'join.full': advice(
    'Zu viele Beitrittsanfragen warten auf Genehmigung',
    'Erst einige davon genehmigen oder ablehnen.',
  ),
  'join.not_approver': advice(
    'Keine Berechtigung, Beitrittsanfragen zu genehmigen',
    'Den eigenen Namen in den Einstellungen der Zertifizierungsstelle unter „approvers“ eintragen lassen.',
  ),
  'join.unknown_request': advice('Diese Beitrittsanfrage wartet nicht mehr', 'Die Liste neu ansehen.'),
  'renewal.too_many': advice('Es gibt zu viele Zertifikate', 'Unbenutzte widerrufen: muster ca revoke.'),
  'certificate.collective': advice(
    'Ein Zertifikat gilt in diesem Kollektiv nicht',
    'Eines dafür ausstellen lassen, oder ein anderes Kollektiv wählen.',
  ),
  'certificate.role': advice('Ein Zertifikat ist für eine andere Rolle', checkCertificate),
  'key.locked': advice('Der Schlüssel ist geschützt', 'Die Passphrase eingeben.'),
  'key.wrong_passphrase': advice('Das ist nicht die Passphrase', 'Erneut versuchen.'),
  'key.agent': advice('Der SSH-Agent signiert nicht', 'Nachsehen, ob er läuft und den Schlüssel hat: ssh-add -l.'),
  'console.locked': advice('Die Konsole ist gesperrt', 'Sie entsperren.'),
  'console.read_only': advice(
    'Diese Konsole liest nur',
    'Sie ohne --read-only neu starten, wenn die Konfiguration das zulässt.',
  ),
  'sender.mismatch': advice('Eine Nachricht nennt einen anderen Absender', checkCertificate),
  'request.expired': advice(
    'Der Auftrag kam zu spät',
    'Den Lauf wiederholen, mit längerer Lebensdauer, wenn die Knoten langsam zu erreichen sind.',
  ),
  'request.skewed': advice('Die Uhren weichen voneinander ab', 'Die Uhr dieses Rechners und die des Knotens stellen.'),
  'request.replayed': advice(
    'Der Auftrag war schon einmal da',
    'Die Aktion erneut ausführen: Das ergibt einen neuen Auftrag.',
  ),
  'request.unknown_agent': advice(
    'Der Knoten hat diesen Agenten nicht',
    'Den Agenten dort installieren, oder den Filter um @agent=NAME ergänzen.',
  ),
  'request.unknown_action': advice(
    'Der Agent hat diese Aktion nicht',
    'Den Agenten auf dem Knoten auf den neuesten Stand bringen.',
  ),
  'request.invalid_input': advice('Eine Eingabe passt nicht', 'Die markierte Eingabe berichtigen.'),
  'request.denied': advice('Nicht erlaubt', 'Nachfragen, wer die Richtlinie dieser Knoten pflegt.'),
  'request.timed_out': advice('Die Aktion hat zu lange gedauert', 'Erneut versuchen, oder der Aktion mehr Zeit geben.'),
  'request.wrong_collective': advice(
    'Der Knoten ist in einem anderen Kollektiv',
    'Ein Kollektiv wählen, zu dem der Knoten gehört.',
  ),
  'sealing.no_recipient': advice(
    'Vertrauliche Eingaben lassen sich für den Knoten nicht versiegeln',
    'Seinen Agenten starten oder aktualisieren: Dann gibt er seinen Schlüssel bekannt.',
  ),
  'sealing.unreadable': advice(
    'Der Knoten kann die vertraulichen Eingaben nicht öffnen',
    'Die Aktion erneut ausführen: Er kann jetzt einen anderen Schlüssel haben.',
  ),
  'sealing.required': advice('Vertrauliche Eingaben kamen unversiegelt', 'Die Konsole auf den neuesten Stand bringen.'),
  'filter.syntax': advice('Der Filter ist nicht lesbar', correctFilter),
  'filter.regex': advice('Der reguläre Ausdruck ist fehlerhaft', correctFilter),
  'filter.too_long': advice('Der Filter ist zu lang', 'Ihn kürzen, oder die Knoten von Hand auswählen.'),
  'filter.too_deep': advice('Der Filter ist zu tief verschachtelt', 'Überflüssige Klammern entfernen.'),
  'filter.value': advice('Ein Wert passt nicht', correctFilter),
  'filter.data_failed': advice(
    'Ein Data-Plugin konnte nicht antworten',
    'Erneut versuchen, oder die Bedingung weglassen.',
  ),
  'filter.needs_fleet': advice(
    'Der Filter fragt Data-Plugins: Das wissen nur die Knoten selbst',
    'Die Flotte fragen, oder die Bedingung weglassen.',
  ),
  'ddl.malformed': advice('Die Beschreibung einer Aktion ist fehlerhaft', 'Die DDL-Datei des Agenten berichtigen.'),
  'identity.invalid': advice(
    'So heißt kein Knoten',
    'Buchstaben, Ziffern, Unterstriche, Punkte und Bindestriche verwenden.',
  ),
  'config.unreadable': advice(
    'Die Konfiguration ist nicht lesbar',
    'Prüfen, ob es die Datei gibt und ob sie lesbar ist.',
  ),
  'config.syntax': advice('Die Konfiguration ist kein gültiges YAML', 'Die Zeile berichtigen, die die Meldung nennt.'),
  'config.invalid': advice('Eine Einstellung ist falsch', 'Die Einstellung berichtigen, die die Meldung nennt.'),
  'policy.syntax': advice('Eine Richtlinie ist nicht verständlich', 'Die Zeile berichtigen, die die Meldung nennt.'),
  'policy.unreadable': advice('Eine Richtlinie ist nicht lesbar', 'Die Datei, ihren Besitzer und ihre Rechte prüfen.'),
  'policy.signer': advice(
    'Die Richtlinien hat jemand anderes signiert',
    'Sie von jemandem veröffentlichen lassen, der sie dort signieren darf.',
  ),
  'policy.older': advice('Der Knoten hat neuere Richtlinien', 'Sie erneut veröffentlichen, oder zurückkehren.'),
  'policy.version': advice('Der Knoten behält diese Richtlinien nicht', 'Sie erneut veröffentlichen.'),
  'facts.unreadable': advice('Fakten sind nicht lesbar', 'Die Faktendateien auf dem Knoten prüfen.'),
  'broker.unreachable': advice(
    'Der Broker antwortet nicht',
    'Das Netz und den Broker prüfen. Muster versucht es weiter.',
  ),
  'broker.refused': advice(
    'Der Broker hat diese Konsole abgewiesen',
    'Benutzer, Kennwort und Zertifikat in der Konfiguration prüfen.',
  ),
  'broker.forbidden': advice('Der Broker erlaubt das nicht', 'Die Rechte des eigenen Benutzers am Broker prüfen.'),
  'broker.closed': advice('Die Verbindung wurde geschlossen', 'Muster verbindet sich selbst wieder.'),
  'broker.unconfirmed': advice(
    'Der Broker hat nicht bestätigt',
    'Den Lauf wiederholen. Knoten, die den Auftrag schon haben, führen ihn nicht zweimal aus.',
  ),
  'broker.rejected': advice(
    'Der Broker hat den Auftrag nicht angenommen',
    'Die Warteschlange des Knotens ist voll. Muster versucht es, bis der Auftrag verfällt.',
  ),
  'broker.unroutable': advice(
    'Kein solcher Knoten ist verbunden',
    'Den Namen prüfen, oder die Flotte fragen, wer da ist.',
  ),
  'identity.duplicate': advice('Zwei Agenten haben denselben Namen', 'Jedem Knoten einen eigenen Namen geben.'),
  'home.missing': advice(
    'Das Muster-Verzeichnis ist unvollständig',
    'Den Pfad prüfen, oder das Verzeichnis neu einrichten.',
  ),
  'home.in_use': advice(
    'Das Muster-Verzeichnis ist in Gebrauch',
    'Das andere Muster schließen, das damit arbeitet, oder ein anderes Verzeichnis wählen.',
  ),
  'profile.invalid': advice(
    'So kann eine Flotte nicht heißen',
    '1 bis 64 Buchstaben ohne Umlaute, Ziffern, Punkte, Binde- und Unterstriche nehmen; vorn steht ein Buchstabe oder eine Ziffer.',
  ),
  'profile.unknown': advice(
    'Diese Flotte gibt es nicht',
    'Sie wurde vergessen oder umbenannt, vielleicht in einem anderen Fenster.',
  ),
  'profile.taken': advice(
    'Eine andere Flotte hat diesen Namen oder dieses Verzeichnis',
    'Einen anderen Namen nehmen; Groß- und Kleinschreibung macht keinen Unterschied.',
  ),
  'profile.in_use': advice(
    'Die Flotte ist in Gebrauch',
    'Zuerst eine andere zur Standardflotte machen und ihre Fenster zu einer anderen wechseln lassen.',
  ),
  'broker.queue_differs': advice(
    'Eine Warteschlange war vorher anders eingerichtet',
    'Die Warteschlange am Broker löschen, oder die Konfiguration zurücksetzen.',
  ),
  'broker.not_started': advice('Der Broker ist nicht gestartet', 'In sein Log sehen, dann ihn erneut starten.'),
  'broker.control': advice('Der Broker hat nicht getan, was er sollte', 'In sein Log sehen, dann erneut versuchen.'),
  'storage.failed': advice(
    'Die Datenbank hat sich verweigert',
    'Erneut versuchen. Bleibt es dabei, in das Log der Konsole sehen.',
  ),
  'storage.corrupt': advice(
    'Die Datenbank ist beschädigt',
    'Sie aus einer Kopie wiederherstellen, oder sie beiseitelegen und neu beginnen.',
  ),
  'storage.full': advice('Der Datenträger ist voll', 'Platz schaffen, dann erneut versuchen.'),
  'report.unknown': advice('Den Bericht gibt es nicht mehr', 'Ihn erneut exportieren.'),
  'report.too_large': advice(
    'Das ist zu viel zum Kopieren',
    'Es in eine Datei exportieren, oder weniger Knoten wählen.',
  ),
  'report.interrupted': advice('Der Bericht wurde nicht fertig', 'Ihn erneut exportieren.'),
  'evidence.missing': advice(
    'Es ist nichts Signiertes aufbewahrt',
    'Das Aufbewahren von Nachweisen einschalten, und den Lauf erneut starten.',
  ),
  'evidence.unreadable': advice('Der Nachweis ist nicht lesbar', 'Die Datei und ihre Rechte prüfen.'),
  'audit.unreadable': advice('Das Audit-Protokoll ist nicht lesbar', 'Seine Dateien und ihre Rechte prüfen.'),
  'run.unknown': advice('Diesen Lauf gibt es nicht', 'Ihn im Verlauf suchen.'),
  'run.interrupted': advice(
    'Der Lauf wurde unterbrochen',
    'Die Antworten ansehen, die kamen, und ihn wiederholen, wo welche fehlen.',
  ),
  'run.ended': advice('Der Lauf ist beendet', 'Ihn wiederholen, wo das gewünscht ist.'),
  'run.not_ended': advice('Der Lauf ist nicht beendet', 'Sein Ende abwarten, oder ihn stoppen.'),
  'run.pinned': advice('Der Lauf ist angeheftet', 'Ihn zuerst lösen.'),
  'run.taken': advice('Eine andere Konsole leitet diesen Lauf', 'Dort weitermachen, oder sie zuerst schließen.'),
  'run.stopped': advice(
    'Der Lauf wurde gestoppt',
    'Nicht gefragte Knoten sind übersprungen. Um weiterzumachen, sie als Ziel verwenden.',
  ),
  'run.cancelled': advice(
    'Der Lauf wurde abgebrochen',
    'Knoten, die begonnen hatten und nicht beendet werden konnten, haben ihn ausgeführt. Nicht gefragte sind auch abgebrochen.',
  ),
  'run.too_many_errors': advice(
    'Zu viele Knoten sind fehlgeschlagen',
    'Nachsehen, warum. Nicht gefragte Knoten sind übersprungen: Um weiterzumachen, sie als Ziel verwenden.',
  ),
  'run.canary_failed': advice(
    'Ein Canary-Knoten ist fehlgeschlagen',
    'Nachsehen, warum. Alle anderen Knoten sind, wie sie waren: Um weiterzumachen, die übersprungenen als Ziel verwenden.',
  ),
  'run.no_targets': advice(
    'Es wurden keine Knoten gefunden',
    'Den Filter lockern, oder die Flotte fragen, wer da ist.',
  ),
  'schedule.unknown': advice(
    'Diesen Zeitplan gibt es nicht',
    'Er wurde entfernt, vielleicht in einem anderen Fenster.',
  ),
  'schedule.invalid': advice(
    'Der Zeitplan hat keine künftige Zeit',
    'Zeit, Cron-Ausdruck, Zeitzone oder Ende berichtigen.',
  ),
  'schedule.secret': advice(
    'Geheimes lässt sich nicht planen',
    'Eine Aktion ohne geheime Eingaben planen oder von Hand ausführen.',
  ),
  'notify.unknown': advice('Dieses Ziel gibt es nicht', 'Den Abschnitt notify in console.yaml ansehen.'),
  'notify.failed': advice(
    'Der Empfänger hat es nicht angenommen',
    'Es wird von selbst wieder versucht. Nachsehen, ob der Empfänger erreichbar ist.',
  ),
  'notify.refused': advice(
    'Der Empfänger weist es ab',
    'Das Ziel in console.yaml berichtigen oder beim Empfänger nachsehen.',
  ),
  'notify.given_up': advice(
    'Eine Benachrichtigung kam nicht an',
    'Sie wird nicht mehr versucht. Eine Probe senden, wenn der Empfänger wieder da ist.',
  ),
  'runall.unknown': advice('Diesen Runall gibt es nicht', 'In der Liste der Runalls nachsehen.'),
  'runall.ended': advice('Der Runall ist beendet', 'Einen neuen starten.'),
  'runall.taken': advice('Eine andere Konsole leitet diesen Runall', 'Dort weitermachen, oder sie zuerst schließen.'),
  'node.unknown': advice(
    'Dieser Knoten ist nicht im Inventar',
    'Den Namen prüfen, oder die Flotte fragen, wer da ist.',
  ),
  'agent.unknown': advice(
    'Kein Knoten hat diesen Agenten',
    'Den Agenten installieren, oder das Inventar aktualisieren.',
  ),
  'discovery.unknown_method': advice(
    'Auf diese Art lassen sich keine Knoten finden',
    'Eine Art wählen, die die Konsole kennt.',
  ),
  'discovery.unsupported': advice(
    'Das lässt sich auf diese Art nicht finden',
    'Die Bedingung weglassen, oder die Flotte fragen.',
  ),
  'discovery.unconfigured': advice(
    'Eine Einstellung fehlt',
    'Die Einstellung, die die Meldung nennt, in console.yaml ergänzen.',
  ),
  'discovery.failed': advice('Die Quelle der Knoten hat versagt', 'Erneut versuchen, oder die Flotte selbst fragen.'),
  'preset.invalid': advice('So lässt sich die Vorlage nicht speichern', 'Berichtigen, was die Meldung nennt.'),
  'preset.unknown': advice(
    'Diese Vorlage gibt es nicht',
    'Eine andere wählen; vielleicht hat sie jemand entfernt oder umbenannt.',
  ),
  'preset.taken': advice('So heißt schon eine andere Vorlage', nameTaken),
  'preset.malformed': advice(
    'Das lässt sich nicht importieren',
    'Den Eintrag berichtigen, den die Meldung nennt. Es wurde nichts geändert.',
  ),
  'recipe.invalid': advice('So lässt sich das Rezept nicht speichern', 'Berichtigen, was die Meldung nennt.'),
  'recipe.unknown': advice(
    'Dieses Rezept gibt es nicht',
    'Ein anderes wählen; vielleicht hat es jemand entfernt oder umbenannt.',
  ),
  'recipe.taken': advice('So heißt schon ein anderes Rezept', nameTaken),
  'recipe.malformed': advice(
    'Diese Rezepte lassen sich nicht importieren',
    'Den Eintrag berichtigen, den die Meldung nennt. Es wurde nichts geändert.',
  ),
  'group.invalid': advice('So lässt sich die Gruppe nicht speichern', 'Berichtigen, was die Meldung nennt.'),
  'group.unknown': advice(
    'Diese Gruppe gibt es nicht',
    'Eine andere wählen; vielleicht hat sie jemand entfernt oder umbenannt.',
  ),
  'group.taken': advice('So heißt schon eine andere Gruppe', nameTaken),
  'group.cycle': advice(
    'Eine Gruppe enthielte sich selbst',
    'Eine der Gruppen, die die Meldung nennt, aus der anderen weglassen.',
  ),
  'group.in_use': advice('Andere Gruppen enthalten diese', 'Sie zuerst aus den Gruppen nehmen, die die Meldung nennt.'),
  'file.unwritable': advice(
    'Die Datei lässt sich nicht schreiben',
    'Einen anderen Ort wählen, oder ersetzen, was dort ist.',
  ),
  'file.unreadable': advice('Die Datei ist nicht lesbar', 'Nachsehen, wer sie auf dem Rechner der Konsole lesen darf.'),
  'list.malformed': advice('Die Liste der Knoten ist nicht lesbar', 'In jede Zeile einen Namen schreiben.'),
  'usage.invalid': advice('So lässt sich das nicht verwenden', 'Berichtigen, was die Meldung nennt.'),
  'bridge.unknown_endpoint': advice('Fenster und Konsole haben verschiedene Versionen', reload),
  'bridge.invalid_params': advice('Die Konsole hat das Fenster nicht verstanden', reload),
  'bridge.invalid_result': advice('Das Fenster hat die Konsole nicht verstanden', reload),
  'bridge.unknown_stream': advice('Es kommen keine Neuigkeiten mehr', 'Sie setzen von selbst wieder ein.'),
  'bridge.unreachable': advice(
    'Die Konsole antwortet nicht',
    'Prüfen, ob sie noch läuft. Dieses Fenster verbindet sich selbst wieder.',
  ),
  'bridge.forbidden': advice(
    'Dieses Fenster ist nicht verbunden',
    'Es mit der Adresse öffnen, die die Konsole beim Start ausgegeben hat.',
  ),
  internal: advice(
    'In Muster ist etwas zerbrochen',
    'Erneut versuchen. Geschieht es wieder, es bitte mit dem Log der Konsole melden.',
  ),
};
