-- Version 3: names of our own (recovery_...), so that the tables may stand in a database of the host; when to look at a case again
-- in a table of its own, so that claims do not write the case; a position for every event, in the order of the commits.

CREATE TABLE recovery_cases (
    case_id TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL CHECK (version > 0),
    stage TEXT NOT NULL,
    owner TEXT NOT NULL,
    assigned_at TEXT,
    category TEXT,
    policy_id TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    ended INTEGER NOT NULL,
    in_tray INTEGER NOT NULL,
    public TEXT NOT NULL,
    personal TEXT
);

INSERT INTO recovery_cases
SELECT case_id, reference, version, stage, owner, assigned_at, category, policy_id, opened_at, ended, in_tray, public, personal
FROM cases;

CREATE INDEX recovery_cases_owned ON recovery_cases (owner, case_id);

-- With the columns of its own condition, here and below: SQLite then counts in the index, and reads no row of the table.
CREATE INDEX recovery_cases_open ON recovery_cases (owner, case_id, ended, in_tray) WHERE NOT ended AND NOT in_tray;

CREATE INDEX recovery_cases_ongoing ON recovery_cases (case_id) WHERE NOT ended;

CREATE INDEX recovery_cases_tray ON recovery_cases (case_id, in_tray, ended) WHERE in_tray;

CREATE INDEX recovery_cases_assigned ON recovery_cases (owner, assigned_at);

CREATE INDEX recovery_cases_stage ON recovery_cases (stage, case_id);

CREATE INDEX recovery_cases_category ON recovery_cases (category, case_id) WHERE category IS NOT NULL;

CREATE TABLE recovery_wakes (
    case_id TEXT PRIMARY KEY REFERENCES recovery_cases (case_id),
    wake_at TEXT,
    claimed_until TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    last_error TEXT
) WITHOUT ROWID;

INSERT INTO recovery_wakes (case_id, wake_at, claimed_until) SELECT case_id, wake_at, claimed_until FROM cases;

CREATE INDEX recovery_wakes_due ON recovery_wakes (wake_at, case_id) WHERE wake_at IS NOT NULL;

CREATE INDEX recovery_wakes_failed ON recovery_wakes (claimed_until, wake_at, tries) WHERE tries > 0;

CREATE TABLE recovery_events (
    position INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES recovery_cases (case_id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    recorded_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    schema INTEGER NOT NULL,
    public TEXT NOT NULL,
    personal TEXT,
    UNIQUE (case_id, seq)
);

INSERT INTO recovery_events (case_id, seq, recorded_at, kind, schema, public, personal)
SELECT case_id, seq, recorded_at, kind, schema, public, personal FROM events ORDER BY recorded_at, case_id, seq;

CREATE TABLE recovery_outbox (
    message_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES recovery_cases (case_id),
    seq INTEGER NOT NULL,
    channel TEXT NOT NULL,
    person TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    next_at TEXT NOT NULL,
    claimed_until TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    public TEXT NOT NULL,
    personal TEXT
);

INSERT INTO recovery_outbox
SELECT message_id, case_id, seq, channel, coalesce(person, ''), state, next_at, claimed_until, tries, last_error, public, personal
FROM outbox;

CREATE INDEX recovery_outbox_due ON recovery_outbox (next_at, message_id, state) WHERE state = 'queued';

CREATE INDEX recovery_outbox_line ON recovery_outbox (case_id, person, seq, message_id) WHERE state = 'queued';

CREATE INDEX recovery_outbox_given_up ON recovery_outbox (message_id, state) WHERE state = 'given_up';

CREATE INDEX recovery_outbox_failed ON recovery_outbox (next_at, case_id, message_id) WHERE state = 'queued' AND tries > 0;

CREATE TABLE recovery_lookups (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    case_id TEXT NOT NULL REFERENCES recovery_cases (case_id),
    PRIMARY KEY (kind, digest, case_id)
) WITHOUT ROWID;

INSERT INTO recovery_lookups SELECT kind, digest, case_id FROM lookups;

CREATE INDEX recovery_lookups_of_case ON recovery_lookups (case_id);

CREATE UNIQUE INDEX recovery_contacts_once ON recovery_lookups (digest) WHERE kind = 'contact';

CREATE TABLE recovery_keys (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    case_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    used_at TEXT NOT NULL DEFAULT (replace(datetime('now'), ' ', 'T') || '.000000Z')
) WITHOUT ROWID;

INSERT INTO recovery_keys (key, fingerprint, case_id, version) SELECT key, fingerprint, case_id, version FROM keys;

CREATE TABLE recovery_timings (policy_id TEXT PRIMARY KEY, data TEXT NOT NULL);

INSERT INTO recovery_timings SELECT policy_id, data FROM timings;

DROP TABLE events;

DROP TABLE outbox;

DROP TABLE lookups;

DROP TABLE keys;

DROP TABLE timings;

DROP TABLE cases;
