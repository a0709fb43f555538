DO $$
DECLARE each record;
BEGIN
    FOR each IN
        SELECT conrelid::regclass AS at, conname FROM pg_constraint
        WHERE contype = 'f' AND array_length(conkey, 1) = 2
        AND NOT condeferred AND confrelid IN ('sites'::regclass, 'devices'::regclass, 'links'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', each.at, each.conname);
    END LOOP;
END $$;
DELETE FROM grants WHERE NOT EXISTS (SELECT 1 FROM sites s WHERE s.id = grants.site_id AND s.company_id = grants.company_id);
ALTER TABLE grants DROP CONSTRAINT grants_site_id_fkey;
ALTER TABLE grants ADD FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE;
DELETE FROM handovers WHERE NOT EXISTS (SELECT 1 FROM sites s WHERE s.id = handovers.site_id AND s.company_id = handovers.company_id);
ALTER TABLE handovers DROP CONSTRAINT handovers_site_id_fkey;
ALTER TABLE handovers ADD FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE;
ALTER TABLE companies DROP COLUMN keeps_site;
