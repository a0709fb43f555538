DELETE FROM jobs WHERE kind = 'send_mail';
DELETE FROM settings WHERE key = 'smtp';
DROP TABLE event_readers;
DROP TABLE mails;
