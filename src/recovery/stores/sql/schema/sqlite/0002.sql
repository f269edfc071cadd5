-- Version 2: when the present owner was given the case, so that teams can take turns. Filled in from the history.

ALTER TABLE cases ADD COLUMN assigned_at TEXT;

UPDATE cases SET assigned_at = (
    SELECT max(recorded_at) FROM events WHERE events.case_id = cases.case_id AND kind IN ('case_opened', 'case_adopted', 'identified', 'handover_accepted', 'case_moved', 'case_reopened')
);

CREATE INDEX cases_assigned ON cases (owner, assigned_at);
