DROP INDEX devices_firmware;
