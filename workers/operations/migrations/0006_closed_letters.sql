-- `times` when the payment tokens of the letter's events were erased. Where it differs in a closed letter, older code
-- closed the letter or stored its event again, and the cron trigger erases them.
ALTER TABLE dead_letters ADD COLUMN erased_times INTEGER;
CREATE INDEX dead_letters_to_erase ON dead_letters (id) WHERE status <> 'open' AND erased_times IS NOT times;
