PRAGMA application_id = 1380144722;
BEGIN TRANSACTION;
CREATE TABLE cases (
        case_id TEXT PRIMARY KEY,
        reference TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        stage TEXT NOT NULL,
        owner TEXT NOT NULL,
        category TEXT,
        policy_id TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        ended INTEGER NOT NULL,
        in_tray INTEGER NOT NULL,
        wake_at TEXT,
        claimed_until TEXT,
        public TEXT NOT NULL,
        personal TEXT
    , assigned_at TEXT);
INSERT INTO "cases" VALUES('c-0','refc0',2,'received','ana',NULL,'policy-1','2026-03-02T09:00:00.000000Z',0,0,'2026-03-02T09:00:00.000000Z','2026-03-02T09:05:00.000000Z','{"data":{"acknowledging":{"at":null,"called":false,"name":"","reach":"","rings":0,"wrote":false},"closing":{"at":null,"reason":null,"reopened":0,"survivor":null},"following_up":{"attempts":[],"days":null,"days_at":null,"survey":null,"treated_well":null,"weeks":null,"weeks_at":null},"id":"c-0","keeping":{"promises":[],"questions":[]},"losing":{"accountable":null,"asked_at":null,"lost_at":null,"lost_case":null,"plan":"","planned_at":null,"review":null},"marks":[{"at":"2026-03-02T09:00:00.000000Z","key":"","name":"received","seq":1,"until":null,"word":null},{"at":"2026-03-02T09:00:00.000000Z","key":"1","name":"contact","seq":1,"until":null,"word":null}],"opened_at":"2026-03-02T09:00:00.000000Z","ownership":{"consulted":[],"consulted_at":null,"facts":[],"offer":null,"owner":"ana","procedure":"","since":"2026-03-02T09:00:00.000000Z","unwanted":null},"policy_id":"policy-1","proposing":{"counter_offer":"","declined":[],"declines":0,"exceptions":[],"given":[],"proposal":null,"sought":[]},"receiving":{"brand":null,"category":null,"contacts":[{"at":"2026-03-02T09:00:00.000000Z","automatic":false,"channel":"email","key":"email:<c-0@example.org>","message_id":"<c-0@example.org>","seq":1,"ticket":null}],"customer":{"accepted_by":null,"addresses":[{"channel":"email","value":"(erased)"}],"id":"k-7","language":null,"name":"(erased)","timezone":null},"earlier":[],"issue":"(erased)","links":[],"merges":[],"mood":null,"outgoing":[{"at":"2026-03-02T09:00:00.000000Z","channel":"email","id":"c-0:2:email","manual":false,"parts":[{"about":null,"marks":[],"template":"t","values":[]}],"person":"ben","seq":2,"state":"queued","tried_at":null}],"receipted_at":null,"region":null,"severity":"normal","tasks":[],"tray":[],"twins":[],"wishes":[]},"recorded_at":"2026-03-02T09:00:00.000000Z","reference":"REF-c-0","resolving":{"at":null,"deliveries":[],"option":null,"resolution":null,"settled_at":null,"settled_via":[]},"responsibility":{"accountable":null,"affected":null,"cause":null,"find_out_by":null},"rungs":{},"stage":"received","version":2},"v":2}','{"salt":"1c81edfdd10b6a2b","texts":{"receiving/customer/addresses/0/value":"Ann@Example.org","receiving/customer/name":"Ann Example","receiving/issue":"The kettle leaks."}}','2026-03-02T09:00:00.000000Z');
INSERT INTO "cases" VALUES('c-1','refc1',4,'received','ben',NULL,'policy-1','2026-03-02T09:00:00.000000Z',0,0,'2026-03-02T09:00:00.000000Z',NULL,'{"data":{"acknowledging":{"at":null,"called":false,"name":"","reach":"","rings":0,"wrote":false},"closing":{"at":null,"reason":null,"reopened":0,"survivor":null},"following_up":{"attempts":[],"days":null,"days_at":null,"survey":null,"treated_well":null,"weeks":null,"weeks_at":null},"id":"c-1","keeping":{"promises":[],"questions":[]},"losing":{"accountable":null,"asked_at":null,"lost_at":null,"lost_case":null,"plan":"","planned_at":null,"review":null},"marks":[{"at":"2026-03-02T09:00:00.000000Z","key":"","name":"received","seq":1,"until":null,"word":null},{"at":"2026-03-02T09:00:00.000000Z","key":"1","name":"contact","seq":1,"until":null,"word":null},{"at":"2026-03-02T09:00:00.000000Z","key":"","name":"handover_settled","seq":3,"until":null,"word":null},{"at":"2026-03-02T09:00:00.000000Z","key":"","name":"owner_changed","seq":3,"until":null,"word":null},{"at":"2026-03-02T09:00:00.000000Z","key":"4","name":"task_set","seq":4,"until":null,"word":null}],"opened_at":"2026-03-02T09:00:00.000000Z","ownership":{"consulted":[],"consulted_at":null,"facts":[],"offer":null,"owner":"ben","procedure":"","since":"2026-03-02T09:00:00.000000Z","unwanted":null},"policy_id":"policy-1","proposing":{"counter_offer":"","declined":[],"declines":0,"exceptions":[],"given":[],"proposal":null,"sought":[]},"receiving":{"brand":null,"category":null,"contacts":[{"at":"2026-03-02T09:00:00.000000Z","automatic":false,"channel":"email","key":"email:<c-1@example.org>","message_id":"<c-1@example.org>","seq":1,"ticket":null}],"customer":{"accepted_by":null,"addresses":[{"channel":"email","value":"(erased)"}],"id":"k-7","language":null,"name":"(erased)","timezone":null},"earlier":[],"issue":"(erased)","links":[],"merges":[],"mood":null,"outgoing":[{"at":"2026-03-02T09:00:00.000000Z","channel":"email","id":"c-1:2:email","manual":false,"parts":[{"about":null,"marks":[],"template":"t","values":[]}],"person":null,"seq":2,"state":"queued","tried_at":null}],"receipted_at":null,"region":null,"severity":"normal","tasks":[{"about":null,"due_at":null,"id":"4","owner":"ana","rule":"case.never-forgotten","set_at":"2026-03-02T09:00:00.000000Z","what":"(erased)"}],"tray":[],"twins":[],"wishes":[]},"recorded_at":"2026-03-02T09:00:00.000000Z","reference":"REF-c-1","resolving":{"at":null,"deliveries":[],"option":null,"resolution":null,"settled_at":null,"settled_via":[]},"responsibility":{"accountable":null,"affected":null,"cause":null,"find_out_by":null},"rungs":{},"stage":"received","version":4},"v":2}','{"salt":"53cf38d952ab2153","texts":{"receiving/customer/addresses/0/value":"Ann@Example.org","receiving/customer/name":"Ann Example","receiving/issue":"The kettle leaks.","receiving/tasks/0/what":"Call the plumber."}}','2026-03-02T09:00:00.000000Z');
CREATE TABLE events (
        case_id TEXT NOT NULL REFERENCES cases (case_id),
        seq INTEGER NOT NULL,
        recorded_at TEXT NOT NULL,
        kind TEXT NOT NULL,
        schema INTEGER NOT NULL,
        public TEXT NOT NULL,
        personal TEXT,
        PRIMARY KEY (case_id, seq)
    );
INSERT INTO "events" VALUES('c-0',1,'2026-03-02T09:00:00.000000Z','case_opened',3,'{"at":"2026-03-02T09:00:00.000000Z","by":"recovery","case_id":"c-0","contact":{"attachments":[],"automatic":false,"bounce":null,"brand":null,"category":null,"channel":"email","message_id":"<c-0@example.org>","mood":null,"quoted":"","received_at":"2026-03-02T09:00:00.000000Z","reference":null,"region":null,"replies_to":[],"sender":{"accepted_by":null,"addresses":[{"channel":"email","value":"(erased)"}],"id":"k-7","language":null,"name":"(erased)","timezone":null},"severity":null,"signature":"","subject":"","text":"(erased)","ticket":null},"earlier":[],"facts":[],"issue":"(erased)","key":"email:<c-0@example.org>","links":[],"owner":"ana","passed_over":[],"policy_id":"policy-1","procedure":"","quiet":false,"receipt":"machine","reference":"REF-c-0","tray":[],"twins":[]}','{"salt":"4c2e436609920423","texts":{"contact/sender/addresses/0/value":"Ann@Example.org","contact/sender/name":"Ann Example","contact/text":"The kettle leaks.","issue":"The kettle leaks."}}');
INSERT INTO "events" VALUES('c-1',1,'2026-03-02T09:00:00.000000Z','case_opened',3,'{"at":"2026-03-02T09:00:00.000000Z","by":"recovery","case_id":"c-1","contact":{"attachments":[],"automatic":false,"bounce":null,"brand":null,"category":null,"channel":"email","message_id":"<c-1@example.org>","mood":null,"quoted":"","received_at":"2026-03-02T09:00:00.000000Z","reference":null,"region":null,"replies_to":[],"sender":{"accepted_by":null,"addresses":[{"channel":"email","value":"(erased)"}],"id":"k-7","language":null,"name":"(erased)","timezone":null},"severity":null,"signature":"","subject":"","text":"(erased)","ticket":null},"earlier":[],"facts":[],"issue":"(erased)","key":"email:<c-1@example.org>","links":[],"owner":"ana","passed_over":[],"policy_id":"policy-1","procedure":"","quiet":false,"receipt":"machine","reference":"REF-c-1","tray":[],"twins":[]}','{"salt":"4913d7b92bce1368","texts":{"contact/sender/addresses/0/value":"Ann@Example.org","contact/sender/name":"Ann Example","contact/text":"The kettle leaks.","issue":"The kettle leaks."}}');
INSERT INTO "events" VALUES('c-1',2,'2026-03-02T09:00:00.000000Z','message_prepared',1,'{"at":"2026-03-02T09:00:00.000000Z","by":"recovery","channel":"email","manual":false,"message_id":"c-1:2:email","parts":[{"about":null,"marks":[],"template":"t","values":[]}],"person":null,"to":{"channel":"email","value":"(erased)"}}','{"salt":"882e59111d88f1ac","texts":{"to/value":"Ann@Example.org"}}');
INSERT INTO "events" VALUES('c-1',3,'2026-03-02T09:00:00.000000Z','case_moved',2,'{"at":"2026-03-02T09:00:00.000000Z","by":"ana","former":null,"offered_to":null,"owner":"ben","reason":"(erased)"}','{"salt":"3a155edb98244d70","texts":{"reason":"holiday"}}');
INSERT INTO "events" VALUES('c-1',4,'2026-03-02T09:00:00.000000Z','task_set',1,'{"about":null,"at":"2026-03-02T09:00:00.000000Z","by":"ana","due_at":null,"owner":"ana","rule":"case.never-forgotten","what":"(erased)"}','{"salt":"7cc4d3a52158deb6","texts":{"what":"Call the plumber."}}');
INSERT INTO "events" VALUES('c-0',2,'2026-03-02T09:00:00.000000Z','message_prepared',1,'{"at":"2026-03-02T09:00:00.000000Z","by":"recovery","channel":"email","manual":false,"message_id":"c-0:2:email","parts":[{"about":null,"marks":[],"template":"t","values":[]}],"person":"ben","to":{"channel":"email","value":"(erased)"}}','{"salt":"21ca6776c9d3adc8","texts":{"to/value":"Ann@Example.org"}}');
CREATE TABLE keys (
        key TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        case_id TEXT NOT NULL,
        version INTEGER NOT NULL
    ) WITHOUT ROWID;
INSERT INTO "keys" VALUES('k-1','f-1','c-1',1);
CREATE TABLE lookups (
        kind TEXT NOT NULL,
        digest BLOB NOT NULL,
        case_id TEXT NOT NULL REFERENCES cases (case_id),
        PRIMARY KEY (kind, digest, case_id)
    ) WITHOUT ROWID;
INSERT INTO "lookups" VALUES('address',X'B7B49EF60B118D378CFCB0B2A2E7D6DE','c-0');
INSERT INTO "lookups" VALUES('contact',X'F44B260F52DEAEE3BF8B38ABBD045D6B','c-0');
INSERT INTO "lookups" VALUES('customer',X'64CB5B1590A58D3B2E07801994DBCF89','c-0');
INSERT INTO "lookups" VALUES('reference',X'B2B6C14769851620E117FED2AC3A9148','c-0');
INSERT INTO "lookups" VALUES('thread',X'12774F65DF57D805AF7DCC2EEAF46A51','c-0');
INSERT INTO "lookups" VALUES('address',X'B7B49EF60B118D378CFCB0B2A2E7D6DE','c-1');
INSERT INTO "lookups" VALUES('contact',X'043B88DB78627B20BF46EDF31CE41986','c-1');
INSERT INTO "lookups" VALUES('customer',X'64CB5B1590A58D3B2E07801994DBCF89','c-1');
INSERT INTO "lookups" VALUES('reference',X'8ECF3656099C022D0FD5AC89F0A9B5C3','c-1');
INSERT INTO "lookups" VALUES('thread',X'AD691F6998505CD5025F475C42AC5E5D','c-1');
INSERT INTO "lookups" VALUES('thread',X'EA69E8A9E76D0537178B926AE1A64285','c-1');
CREATE TABLE outbox (
        message_id TEXT PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES cases (case_id),
        seq INTEGER NOT NULL,
        channel TEXT NOT NULL,
        person TEXT,
        state TEXT NOT NULL,
        next_at TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        claimed_until TEXT,
        last_error TEXT,
        public TEXT NOT NULL,
        personal TEXT
    );
INSERT INTO "outbox" VALUES('c-1:2:email','c-1',2,'email',NULL,'queued','2026-03-02T09:15:00.000000Z',1,NULL,'mail server is down','{"data":{"body":"(erased)","case_id":"c-1","channel":"email","created_at":"2026-03-02T09:00:00.000000Z","html":"","id":"c-1:2:email","name":"","origin":"person","person":null,"reference":"","replies_to":[],"seq":2,"subject":"(erased)","templates":[],"to":{"channel":"email","value":"(erased)"}},"v":3}','{"salt":"7f4dcc0ce80a19a1","texts":{"body":"We are on it.","subject":"Your kettle","to/value":"Ann@Example.org"}}');
INSERT INTO "outbox" VALUES('c-0:2:email','c-0',2,'email','ben','queued','2026-03-02T09:00:00.000000Z',0,'2026-03-02T09:05:00.000000Z',NULL,'{"data":{"body":"(erased)","case_id":"c-0","channel":"email","created_at":"2026-03-02T09:00:00.000000Z","html":"","id":"c-0:2:email","name":"","origin":"person","person":"ben","reference":"","replies_to":[],"seq":2,"subject":"(erased)","templates":[],"to":{"channel":"email","value":"(erased)"}},"v":3}','{"salt":"d93d427973ecad3c","texts":{"body":"We are on it.","subject":"Your kettle","to/value":"Ann@Example.org"}}');
CREATE TABLE recovery_schema (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL
    );
INSERT INTO "recovery_schema" VALUES(1,2);
CREATE TABLE timings (policy_id TEXT PRIMARY KEY, data TEXT NOT NULL);
INSERT INTO "timings" VALUES('policy-1','{"data":{"calendar":{"holidays":[],"overrides":{},"timezone":"Europe/Berlin","week":{"friday":[["09:00","17:00"]],"monday":[["09:00","17:00"]],"thursday":[["09:00","17:00"]],"tuesday":[["09:00","17:00"]],"wednesday":[["09:00","17:00"]]}},"clocks":[{"after":[],"citation":"","contacts":false,"continues":[],"day_ends":"same_time","ends":["closed"],"extends":[],"first_day_counts":false,"holds":[],"id":"c.one","kind":"service","ladder":[{"base":"due","says":"reminder","when":"-1 bd","whom":"owner"},{"base":"due","says":"escalation","when":"0 h","whom":"supervisor"},{"base":"due","says":"escalation","when":"1 bd","whom":"fallback"}],"length":"1 h","may_pause":false,"repeats":false,"rule":"c.one","starts":["received"],"stops":["spoke"],"valid_from":null,"valid_until":null,"what":"do it","when":{}}],"id":"policy-1"},"v":1}');
CREATE INDEX cases_due ON cases (wake_at, case_id) WHERE wake_at IS NOT NULL;
CREATE INDEX cases_owned ON cases (owner, case_id, ended, in_tray, stage);
CREATE INDEX outbox_due ON outbox (next_at, message_id) WHERE state = 'queued';
CREATE INDEX outbox_line ON outbox (case_id, person, seq, message_id) WHERE state = 'queued';
CREATE INDEX outbox_given_up ON outbox (message_id) WHERE state = 'given_up';
CREATE INDEX lookups_of_case ON lookups (case_id);
CREATE UNIQUE INDEX contacts_once ON lookups (digest) WHERE kind = 'contact';
CREATE INDEX cases_assigned ON cases (owner, assigned_at);
COMMIT;
