DELETE FROM jobs WHERE kind = 'deliver_webhook';
DELETE FROM event_readers WHERE name = 'webhooks';
DROP INDEX events_company_at;
DROP TABLE webhook_deliveries;
DROP TABLE webhooks;
