DELETE FROM mails WHERE template = 'daily_summary';
DELETE FROM events WHERE kind IN ('exception_rules_changed', 'maintenance_changed', 'incident_told');
DROP TABLE daily_summaries;
DROP TABLE webhook_tellings;
DROP TABLE rule_firings;
DROP TABLE tellings;
DROP TABLE maintenance_windows;
DROP TABLE exception_rule_receivers;
DROP TABLE exception_rules;
