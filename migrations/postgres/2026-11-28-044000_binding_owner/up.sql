-- Whose primary account a device behind a link belongs to (R-G3): none, its company's.
ALTER TABLE bindings ADD COLUMN owner_id TEXT REFERENCES end_users (id) ON DELETE SET NULL;
