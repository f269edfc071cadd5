-- Version 1: cases, events, outbox, what cases are found by, keys of repeated commands, clocks.

CREATE TABLE recovery_schema (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
);

INSERT INTO recovery_schema (one, version) VALUES (1, 0);

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
);

CREATE INDEX cases_due ON cases (wake_at, case_id) WHERE wake_at IS NOT NULL;

CREATE INDEX cases_owned ON cases (owner, case_id, ended, in_tray, stage);

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

CREATE INDEX outbox_due ON outbox (next_at, message_id) WHERE state = 'queued';

CREATE INDEX outbox_line ON outbox (case_id, person, seq, message_id) WHERE state = 'queued';

CREATE INDEX outbox_given_up ON outbox (message_id) WHERE state = 'given_up';

CREATE TABLE lookups (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (case_id),
    PRIMARY KEY (kind, digest, case_id)
) WITHOUT ROWID;

CREATE INDEX lookups_of_case ON lookups (case_id);

CREATE UNIQUE INDEX contacts_once ON lookups (digest) WHERE kind = 'contact';

CREATE TABLE keys (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    case_id TEXT NOT NULL,
    version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE timings (policy_id TEXT PRIMARY KEY, data TEXT NOT NULL);

PRAGMA application_id = 1380144722;
