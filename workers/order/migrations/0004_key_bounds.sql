-- What the client of the key may have open at the same time; NULL is no bound.
ALTER TABLE api_keys ADD COLUMN bounds TEXT;
