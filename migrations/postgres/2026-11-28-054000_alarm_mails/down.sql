DELETE FROM event_readers WHERE name = 'alarm_mails';
DROP TABLE alarm_mails;
