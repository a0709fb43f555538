-- Sharing by account, by QR and face to face, transfers of devices, and what was shared being used (R-E2 to R-E8).

-- The owner of a site offers channels of it to somebody: who answers is told by the reminder in their portal and by a mail. Without a
-- time limit (R-E4).
CREATE TABLE share_offers (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    -- What the giver wrote: an e-mail address in lower case, or a phone number as accounts hold it.
    receiver_login TEXT COLLATE "C" NOT NULL,
    -- Whoever has that login; NULL: nobody has it yet.
    receiver_id TEXT COLLATE "C" REFERENCES end_users (id) ON DELETE CASCADE,
    way TEXT COLLATE "C" NOT NULL CHECK (way IN ('account', 'face_to_face')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn', 'void')),
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    -- The share that an accepted one became part of.
    share_id TEXT COLLATE "C" REFERENCES shares (id) ON DELETE SET NULL,
    CHECK ((state = 'pending') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX share_offers_pending ON share_offers (site_id, giver_id, receiver_login) WHERE state = 'pending';
CREATE INDEX share_offers_giver ON share_offers (giver_id, id);
CREATE INDEX share_offers_receiver ON share_offers (receiver_id, id) WHERE state = 'pending';
CREATE INDEX share_offers_login ON share_offers (receiver_login) WHERE state = 'pending' AND receiver_id IS NULL;

CREATE TABLE share_offer_channels (
    offer_id TEXT COLLATE "C" NOT NULL REFERENCES share_offers (id) ON DELETE CASCADE,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    permissions TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (offer_id, device_id, channel)
);
CREATE INDEX share_offer_channels_device ON share_offer_channels (device_id);

-- A QR that others apply with (R-E5). Its random token is known by its hash alone.
CREATE TABLE share_codes (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('temporary', 'long_term')),
    -- What it is for, in the giver's words.
    label TEXT COLLATE "C" NOT NULL CHECK (length(label) <= 128),
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    password_hash TEXT COLLATE "C",
    most_receivers INTEGER CHECK (most_receivers >= 1),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((kind = 'long_term') = (password_hash IS NOT NULL)),
    CHECK ((kind = 'long_term') = (most_receivers IS NOT NULL)),
    CHECK (kind = 'long_term' OR expires_at <= created_at + 300000000)
);
CREATE INDEX share_codes_giver ON share_codes (giver_id, id);
CREATE INDEX share_codes_site ON share_codes (site_id);

CREATE TABLE share_code_channels (
    code_id TEXT COLLATE "C" NOT NULL REFERENCES share_codes (id) ON DELETE CASCADE,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    permissions TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (code_id, device_id, channel)
);
CREATE INDEX share_code_channels_device ON share_code_channels (device_id);

-- Somebody who scanned such a QR wants in. Pending and accepted ones take a place of the QR.
CREATE TABLE share_applications (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    code_id TEXT COLLATE "C" NOT NULL REFERENCES share_codes (id) ON DELETE CASCADE,
    applicant_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn', 'void')),
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    share_id TEXT COLLATE "C" REFERENCES shares (id) ON DELETE SET NULL,
    CHECK ((state = 'pending') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX share_applications_place ON share_applications (code_id, applicant_id) WHERE state IN ('pending', 'accepted');
CREATE INDEX share_applications_applicant ON share_applications (applicant_id, id);

-- The QR with which somebody shows who they are (R-E6).
CREATE TABLE account_codes (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    end_user_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_codes_end_user ON account_codes (end_user_id);

-- When a receiver first used what is shared with them.
CREATE TABLE share_uses (
    share_id TEXT COLLATE "C" NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    permission TEXT COLLATE "C" NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (share_id, device_id, channel, permission)
);
CREATE INDEX share_uses_device ON share_uses (device_id);

-- A device on its way to another owner: confirmed with a code that its owner gets by mail, then accepted by the other.
CREATE TABLE device_transfers (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    receiver_login TEXT COLLATE "C" NOT NULL,
    receiver_id TEXT COLLATE "C" REFERENCES end_users (id) ON DELETE CASCADE,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('unconfirmed', 'offered', 'accepted', 'refused', 'withdrawn', 'void')),
    code_hash TEXT COLLATE "C" NOT NULL,
    code_until BIGINT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    CHECK ((state IN ('unconfirmed', 'offered')) = (answered_at IS NULL))
);
CREATE UNIQUE INDEX device_transfers_open ON device_transfers (device_id) WHERE state IN ('unconfirmed', 'offered');
CREATE INDEX device_transfers_giver ON device_transfers (giver_id, id);
CREATE INDEX device_transfers_receiver ON device_transfers (receiver_id, id);

CREATE INDEX shares_giver ON shares (giver_kind, giver_id, id) WHERE ended_at IS NULL;

-- The limits of R-E2 and R-E3, whoever writes. Who wants the same last place waits for the other.
CREATE FUNCTION check_share() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE giver_region TEXT;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('receiver:' || NEW.receiver_id, 0));
    IF NEW.giver_kind = 'end_user' THEN
        SELECT region INTO giver_region FROM end_users WHERE id = NEW.giver_id;
    ELSE
        SELECT region INTO giver_region FROM companies WHERE id = NEW.giver_id;
    END IF;
    IF (SELECT region FROM end_users WHERE id = NEW.receiver_id) <> giver_region THEN
        RAISE EXCEPTION 'a share stays within a region' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM (SELECT DISTINCT giver_kind, giver_id FROM shares WHERE ended_at IS NULL
        AND receiver_id = NEW.receiver_id AND NOT (giver_kind = NEW.giver_kind AND giver_id = NEW.giver_id)) others) >= 100 THEN
        RAISE EXCEPTION 'an account receives from at most 100' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shares_are_within_limits BEFORE INSERT ON shares FOR EACH ROW EXECUTE FUNCTION check_share();

CREATE FUNCTION check_share_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('channel:' || NEW.device_id || ':' || NEW.channel, 0));
    IF TG_OP = 'INSERT' AND (SELECT count(DISTINCT s.receiver_id) FROM share_channels c JOIN shares s ON s.id = c.share_id
        WHERE s.ended_at IS NULL AND c.device_id = NEW.device_id AND c.channel = NEW.channel
        AND s.receiver_id <> (SELECT receiver_id FROM shares WHERE id = NEW.share_id)) >= 64 THEN
        RAISE EXCEPTION 'a channel is shared with at most 64 accounts' USING ERRCODE = 'check_violation';
    END IF;
    IF position('"live_view"' IN NEW.permissions) = 0
        AND (SELECT kind FROM devices WHERE id = NEW.device_id) <> 'alarm_panel' THEN
        RAISE EXCEPTION 'live view is always shared' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER share_channels_are_within_limits BEFORE INSERT OR UPDATE OF permissions ON share_channels
FOR EACH ROW EXECUTE FUNCTION check_share_channel();

CREATE FUNCTION check_share_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('code:' || NEW.code_id, 0));
    IF NEW.state IN ('pending', 'accepted') AND (SELECT count(*) FROM share_applications
        WHERE code_id = NEW.code_id AND state IN ('pending', 'accepted'))
        >= (SELECT coalesce(most_receivers, 64) FROM share_codes WHERE id = NEW.code_id) THEN
        RAISE EXCEPTION 'the receivers of a code are limited' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER share_applications_are_within_limits BEFORE INSERT ON share_applications
FOR EACH ROW EXECUTE FUNCTION check_share_application();
