-- Since when a channel is shared with its alarms (a panel: with its log). Nobody reads what happened before. What was shared so far
-- counts from its share on.
ALTER TABLE share_channels ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE share_channels SET since = (SELECT created_at FROM shares WHERE id = share_id);
