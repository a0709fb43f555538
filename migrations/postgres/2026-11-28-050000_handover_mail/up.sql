-- The hash of the token in the link that a mail carries, where the link is of an invitation: once that is dead, the mail is not needed.
ALTER TABLE mails ADD COLUMN link_hash TEXT COLLATE "C";
-- Since when a mail is not needed any more; its state is 'failed' then, so that nobody takes it up.
ALTER TABLE mails ADD COLUMN dropped_at BIGINT CHECK (dropped_at IS NULL OR state = 'failed');
CREATE INDEX mails_links ON mails (link_hash) WHERE link_hash IS NOT NULL AND sent_at IS NULL AND dropped_at IS NULL;
CREATE INDEX mails_dropped ON mails (dropped_at) WHERE dropped_at IS NOT NULL;
