-- Sites move from one company to another, with everything that hangs on them, in one transaction.

-- A company that stands in for none: it keeps one site that its owner took away, until another company serves it. Nobody works for it.
ALTER TABLE companies ADD COLUMN keeps_site TEXT COLLATE "C";

-- What was agreed with a company stays true of it when the site has another one.
ALTER TABLE grants DROP CONSTRAINT grants_company_id_site_id_fkey;
ALTER TABLE grants ADD FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE;
ALTER TABLE handovers DROP CONSTRAINT handovers_company_id_site_id_fkey;
ALTER TABLE handovers ADD FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE;

-- While a site moves, its rows name the new company one table after the other.
DO $$
DECLARE each record;
BEGIN
    FOR each IN
        SELECT conrelid::regclass AS at, conname FROM pg_constraint
        WHERE contype = 'f' AND array_length(conkey, 1) = 2
        AND NOT condeferrable AND confrelid IN ('sites'::regclass, 'devices'::regclass, 'links'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY IMMEDIATE', each.at, each.conname);
    END LOOP;
END $$;
