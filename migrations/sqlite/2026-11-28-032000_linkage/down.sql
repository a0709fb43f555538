DELETE FROM jobs WHERE kind = 'linkage_action';
DELETE FROM event_readers WHERE name = 'linkage';
DELETE FROM events WHERE kind = 'linkage_fired';
DELETE FROM mails WHERE template = 'linkage_fired';
DROP TABLE linkage_pictures;
DROP TABLE linkage_actions;
DROP TABLE linkage_firings;
DROP TABLE linkage_rules;
