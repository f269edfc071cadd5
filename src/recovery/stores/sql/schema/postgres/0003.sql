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
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);

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

CREATE INDEX recovery_wakes_due ON recovery_wakes (wake_at, case_id) WHERE wake_at IS NOT NULL;

CREATE INDEX recovery_wakes_failed ON recovery_wakes (case_id) WHERE tries > 0;

CREATE TABLE recovery_events (
    position bigint GENERATED ALWAYS AS IDENTITY,
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    case_id text COLLATE "C" NOT NULL REFERENCES recovery_cases (case_id),
    seq integer NOT NULL CHECK (seq > 0),
    recorded_at timestamptz NOT NULL,
    kind text NOT NULL,
    schema integer NOT NULL,
    public text NOT NULL,
    personal text,
    PRIMARY KEY (case_id, seq)
);

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

CREATE INDEX recovery_lookups_of_case ON recovery_lookups (case_id);

CREATE UNIQUE INDEX recovery_contacts_once ON recovery_lookups (digest) WHERE kind = 'contact';

CREATE TABLE recovery_keys (
    key text COLLATE "C" PRIMARY KEY,
    fingerprint text NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE recovery_timings (
    policy_id text PRIMARY KEY,
    data text NOT NULL
);

COMMENT ON TABLE recovery_schema IS 'Which version of these tables is there. One row.';

COMMENT ON COLUMN recovery_schema.one IS 'Always 1, so that there is one row.';

COMMENT ON COLUMN recovery_schema.version IS 'The version; a library that knows only older ones refuses to work on it.';

COMMENT ON TABLE recovery_cases IS 'One row a case as it stands now. A cache: it can be rebuilt from recovery_events.';

COMMENT ON COLUMN recovery_cases.case_id IS 'The id of the case, chosen by the library: 32 hexadecimal digits.';

COMMENT ON COLUMN recovery_cases.reference IS 'The reference that customers are told, in small letters and without hyphens.';

COMMENT ON COLUMN recovery_cases.version IS 'The number of its last event. An update names the version that it began with, so that nobody overwrites anybody.';

COMMENT ON COLUMN recovery_cases.stage IS 'How far it has come, such as received or resolved.';

COMMENT ON COLUMN recovery_cases.owner IS 'Who looks after it.';

COMMENT ON COLUMN recovery_cases.assigned_at IS 'When the owner was given it, so that teams can take turns.';

COMMENT ON COLUMN recovery_cases.category IS 'What it is about, as the routes of the policy name it.';

COMMENT ON COLUMN recovery_cases.policy_id IS 'The clocks that it is pinned to, see recovery_timings.';

COMMENT ON COLUMN recovery_cases.opened_at IS 'When it was opened.';

COMMENT ON COLUMN recovery_cases.ended IS 'Whether it is over: followed up to the end, or closed.';

COMMENT ON COLUMN recovery_cases.in_tray IS 'Whether it waits in the tray for somebody to say what it is.';

COMMENT ON COLUMN recovery_cases.public IS 'The case as JSON, without anything personal.';

COMMENT ON COLUMN recovery_cases.personal IS 'The personal texts of the case as JSON. May be emptied.';

COMMENT ON TABLE recovery_wakes IS 'When each case is looked at next, and until when a worker has claimed it. A cache as well.';

COMMENT ON COLUMN recovery_wakes.case_id IS 'The case.';

COMMENT ON COLUMN recovery_wakes.wake_at IS 'When its next clock rings; empty where nothing is owed any more.';

COMMENT ON COLUMN recovery_wakes.claimed_until IS 'Until when it is with a worker, or was put off to. A lease: nothing has to end it.';

COMMENT ON COLUMN recovery_wakes.tries IS 'How often looking at it has failed since it last worked.';

COMMENT ON COLUMN recovery_wakes.last_error IS 'What went wrong the last time; may quote the case. May be emptied.';

COMMENT ON TABLE recovery_events IS 'What happened, for ever: rows are added and never changed, but for personal, which may be emptied.';

COMMENT ON COLUMN recovery_events.position IS 'Counts the rows; with txid the position in the feed.';

COMMENT ON COLUMN recovery_events.txid IS 'The transaction that wrote the row: a feed reads only what no running transaction can come before.';

COMMENT ON COLUMN recovery_events.case_id IS 'The case.';

COMMENT ON COLUMN recovery_events.seq IS 'The number of the event in its case, from 1, without a gap.';

COMMENT ON COLUMN recovery_events.recorded_at IS 'When it was put on record.';

COMMENT ON COLUMN recovery_events.kind IS 'What kind of event, such as case_opened.';

COMMENT ON COLUMN recovery_events.schema IS 'The version of the shape of public; older ones are read for ever.';

COMMENT ON COLUMN recovery_events.public IS 'The event as JSON, without anything personal.';

COMMENT ON COLUMN recovery_events.personal IS 'The personal texts of the event as JSON, with a salt. May be emptied.';

COMMENT ON TABLE recovery_outbox IS 'Every message word for word, and what became of it.';

COMMENT ON COLUMN recovery_outbox.message_id IS 'Case, event and channel; the same for every try, so that a provider can tell repeats.';

COMMENT ON COLUMN recovery_outbox.case_id IS 'The case.';

COMMENT ON COLUMN recovery_outbox.seq IS 'The event that prepared it.';

COMMENT ON COLUMN recovery_outbox.channel IS 'By which channel it goes.';

COMMENT ON COLUMN recovery_outbox.person IS 'The colleague it is for; empty for the customer.';

COMMENT ON COLUMN recovery_outbox.state IS 'queued, sent, withheld, given_up, bounced ...: only queued ones are looked at again.';

COMMENT ON COLUMN recovery_outbox.next_at IS 'When it is tried (again).';

COMMENT ON COLUMN recovery_outbox.claimed_until IS 'Until when it is with a worker.';

COMMENT ON COLUMN recovery_outbox.tries IS 'How often sending has failed.';

COMMENT ON COLUMN recovery_outbox.last_error IS 'What went wrong the last time. May be emptied.';

COMMENT ON COLUMN recovery_outbox.public IS 'The message as JSON, without anything personal.';

COMMENT ON COLUMN recovery_outbox.personal IS 'Its words, subject and reader. May be emptied.';

COMMENT ON TABLE recovery_lookups IS 'What finds a case, as BLAKE2b digests, so that no address stands in the clear.';

COMMENT ON COLUMN recovery_lookups.kind IS 'reference, contact, thread, ticket, incident, customer or address.';

COMMENT ON COLUMN recovery_lookups.digest IS 'The digest of the value, 16 bytes.';

COMMENT ON COLUMN recovery_lookups.case_id IS 'The case that is found.';

COMMENT ON TABLE recovery_keys IS 'Idempotency keys of commands, with the digest of what came with them.';

COMMENT ON COLUMN recovery_keys.key IS 'The key that the host gave.';

COMMENT ON COLUMN recovery_keys.fingerprint IS 'The digest of what came with it: other content under the same key is refused.';

COMMENT ON COLUMN recovery_keys.case_id IS 'The case it led to.';

COMMENT ON COLUMN recovery_keys.version IS 'The version it led to.';

COMMENT ON COLUMN recovery_keys.used_at IS 'When it was used, for those who delete old ones.';

COMMENT ON TABLE recovery_timings IS 'The clocks and the calendar of each policy that a case is pinned to.';

COMMENT ON COLUMN recovery_timings.policy_id IS 'A digest of the clocks and the calendar.';

COMMENT ON COLUMN recovery_timings.data IS 'Both, as JSON; nothing in it is personal.';

COMMENT ON INDEX recovery_cases_owned IS 'find and agenda by owner, page by page.';

COMMENT ON INDEX recovery_cases_open IS 'How many open cases there are, and how many of each owner, counted in the index alone.';

COMMENT ON INDEX recovery_cases_ongoing IS 'find with open_only, page by page, however many cases have ended.';

COMMENT ON INDEX recovery_cases_tray IS 'What waits in the tray.';

COMMENT ON INDEX recovery_cases_assigned IS 'When each owner was last given a case, for teams that take turns.';

COMMENT ON INDEX recovery_cases_stage IS 'find by stage.';

COMMENT ON INDEX recovery_cases_category IS 'find by category; what similar cases got.';

COMMENT ON INDEX recovery_wakes_due IS 'Claims of due cases, the longest overdue first; what is due next.';

COMMENT ON INDEX recovery_wakes_failed IS 'What was set aside; next to nothing.';

COMMENT ON INDEX recovery_events_feed IS 'The feed of committed events.';

COMMENT ON INDEX recovery_outbox_due IS 'Claims of messages, the soonest first.';

COMMENT ON INDEX recovery_outbox_line IS 'Messages to one reader about one case leave in their order.';

COMMENT ON INDEX recovery_outbox_given_up IS 'How many were given up.';

COMMENT ON INDEX recovery_outbox_failed IS 'Which wait for another try.';

COMMENT ON INDEX recovery_lookups_of_case IS 'What a case is found by now, when that changes.';

COMMENT ON INDEX recovery_contacts_once IS 'One message from outside is on one case, also where two processes take it at once.';
