DELETE FROM events WHERE kind IN ('upgrade_changed');
DELETE FROM jobs WHERE kind = 'upgrade_device';
DROP TABLE upgrade_devices;
DROP TABLE upgrades;
DROP TABLE firmware_files;
