-- The tables on PostgreSQL 15 and later. Every name begins with recovery_, so that they may stand in a database of the host.
--
-- The JSON columns are text and not jsonb: what a customer wrote comes back character by character, and jsonb refuses some of it.
-- What is personal lies in the columns personal and last_error alone: whoever empties them has erased it, and everything goes on.

CREATE TABLE recovery_schema (
    one integer PRIMARY KEY CHECK (one = 1),
    version integer NOT NULL
);

INSERT INTO recovery_schema (one, version) VALUES (1, 0);

CREATE TABLE recovery_cases (
    case_id text COLLATE "C" PRIMARY KEY,
    reference text COLLATE "C" NOT NULL UNIQUE,
    version integer NOT NULL CHECK (version > 0),
    stage text NOT NULL,
    owner text COLLATE "C" NOT NULL,
    assigned_at timestamptz,
    category text COLLATE "C",
    policy_id text NOT NULL,
    opened_at timestamptz NOT NULL,
    ended boolean NOT NULL,
    in_tray boolean NOT NULL,
    public text NOT NULL,
    personal text
) WITH (fillfactor = 80);

COMMENT ON TABLE recovery_cases IS 'One row a case as it stands now. A cache: it can be rebuilt from recovery_events.';

CREATE INDEX recovery_cases_owned ON recovery_cases (owner, case_id);

CREATE INDEX recovery_cases_open ON recovery_cases (owner, case_id) WHERE NOT ended AND NOT in_tray;

CREATE INDEX recovery_cases_ongoing ON recovery_cases (case_id) WHERE NOT ended;

CREATE INDEX recovery_cases_tray ON recovery_cases (case_id) WHERE in_tray;

CREATE INDEX recovery_cases_assigned ON recovery_cases (owner, assigned_at);

CREATE INDEX recovery_cases_stage ON recovery_cases (stage, case_id);

CREATE INDEX recovery_cases_category ON recovery_cases (category, case_id) WHERE category IS NOT NULL;

CREATE TABLE recovery_wakes (
    case_id text COLLATE "C" PRIMARY KEY REFERENCES recovery_cases (case_id),
    wake_at timestamptz,
    claimed_until timestamptz,
    tries integer NOT NULL DEFAULT 0,
    last_error text
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE recovery_wakes IS 'When each case is looked at next, and until when a worker has claimed it. A cache as well.';

CREATE INDEX recovery_wakes_due ON recovery_wakes (wake_at, case_id) WHERE wake_at IS NOT NULL;

CREATE INDEX recovery_wakes_failed ON recovery_wakes (case_id) WHERE tries > 0;

CREATE TABLE recovery_events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    case_id text COLLATE "C" NOT NULL REFERENCES recovery_cases (case_id),
    seq integer NOT NULL CHECK (seq > 0),
    recorded_at timestamptz NOT NULL,
    kind text NOT NULL,
    schema integer NOT NULL,
    public text NOT NULL,
    personal text,
    UNIQUE (case_id, seq)
);

COMMENT ON TABLE recovery_events IS 'What happened, for ever: rows are added and never changed, but for personal, which may be emptied.';

COMMENT ON COLUMN recovery_events.txid IS 'The transaction that wrote the row: a feed reads only what no running transaction can come before.';

CREATE INDEX recovery_events_feed ON recovery_events (txid, position);

CREATE TABLE recovery_outbox (
    message_id text COLLATE "C" PRIMARY KEY,
    case_id text COLLATE "C" NOT NULL REFERENCES recovery_cases (case_id),
    seq integer NOT NULL,
    channel text NOT NULL,
    person text COLLATE "C" NOT NULL DEFAULT '',
    state text NOT NULL,
    next_at timestamptz NOT NULL,
    claimed_until timestamptz,
    tries integer NOT NULL DEFAULT 0,
    last_error text,
    public text NOT NULL,
    personal text
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE recovery_outbox IS 'Every message word for word, and what became of it: queued, sent, given_up, bounced ...';

COMMENT ON COLUMN recovery_outbox.person IS 'The colleague it is for; empty for the customer.';

CREATE INDEX recovery_outbox_due ON recovery_outbox (next_at, message_id) WHERE state = 'queued';

CREATE INDEX recovery_outbox_line ON recovery_outbox (case_id, person, seq, message_id) WHERE state = 'queued';

CREATE INDEX recovery_outbox_given_up ON recovery_outbox (message_id) WHERE state = 'given_up';

CREATE INDEX recovery_outbox_failed ON recovery_outbox (message_id) WHERE state = 'queued' AND tries > 0;

CREATE TABLE recovery_lookups (
    kind text NOT NULL,
    digest bytea NOT NULL,
    case_id text COLLATE "C" NOT NULL REFERENCES recovery_cases (case_id),
    PRIMARY KEY (kind, digest, case_id)
);

COMMENT ON TABLE recovery_lookups IS 'What finds a case: references, addresses, tickets, message ids, as BLAKE2b digests, so that no address stands in the clear.';

CREATE INDEX recovery_lookups_of_case ON recovery_lookups (case_id);

CREATE UNIQUE INDEX recovery_contacts_once ON recovery_lookups (digest) WHERE kind = 'contact';

CREATE TABLE recovery_keys (
    key text COLLATE "C" PRIMARY KEY,
    fingerprint text NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    version integer NOT NULL
);

COMMENT ON TABLE recovery_keys IS 'Idempotency keys of commands, with the digest of what came with them.';

CREATE TABLE recovery_timings (
    policy_id text PRIMARY KEY,
    data text NOT NULL
);

COMMENT ON TABLE recovery_timings IS 'The clocks and the calendar of each policy that a case is pinned to.';
