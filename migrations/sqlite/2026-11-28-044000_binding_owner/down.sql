ALTER TABLE bindings DROP COLUMN owner_id;
