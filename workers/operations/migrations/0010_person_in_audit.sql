-- The person whom Cloudflare Access let into the console. An action by a key alone has none.
ALTER TABLE audit ADD COLUMN person TEXT;
CREATE INDEX audit_by_person ON audit (person, audit_id) WHERE person IS NOT NULL;
