ALTER TABLE share_channels DROP COLUMN since;
