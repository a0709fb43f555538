-- Whether somebody with whom a device is shared wants mails about its alarms, and when they got the last one. No row: they do, and got none.
CREATE TABLE alarm_mails (
    end_user_id TEXT NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
    told_at INTEGER,
    PRIMARY KEY (end_user_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_mails_device ON alarm_mails (device_id);

-- How far alarms of shared devices were told by mail: seq is one of device_events.
INSERT INTO event_readers (name, seq) SELECT 'alarm_mails', coalesce(max(seq), 0) FROM device_events;
