DROP INDEX mails_dropped;
DROP INDEX mails_links;
ALTER TABLE mails DROP COLUMN dropped_at;
ALTER TABLE mails DROP COLUMN link_hash;
