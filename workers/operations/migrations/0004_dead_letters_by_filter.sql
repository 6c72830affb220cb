-- What the list of dead letters can be filtered by, in the list's order. Letters are few: the rows cost little.
CREATE INDEX dead_letters_by_status ON dead_letters (status, first_seen_at, id);
CREATE INDEX dead_letters_by_consumer ON dead_letters (consumer, first_seen_at, id);
CREATE INDEX dead_letters_by_consumer_and_status ON dead_letters (consumer, status, first_seen_at, id);
