DROP TABLE device_event_sources;
DROP TABLE device_events;
