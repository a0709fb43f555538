-- Who runs what: groups are counted and the devices of one are listed by name, both from this index alone.
CREATE INDEX devices_firmware ON devices (company_id, kind, model, firmware, name_lower, id);
