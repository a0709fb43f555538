-- Sharing by account, by QR and face to face, transfers of devices, and what was shared being used (R-E2 to R-E8).

-- The owner of a site offers channels of it to somebody: who answers is told by the reminder in their portal and by a mail. Without a
-- time limit (R-E4).
CREATE TABLE share_offers (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_id TEXT NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    -- What the giver wrote: an e-mail address in lower case, or a phone number as accounts hold it.
    receiver_login TEXT NOT NULL,
    -- Whoever has that login; NULL: nobody has it yet.
    receiver_id TEXT REFERENCES end_users (id) ON DELETE CASCADE,
    way TEXT NOT NULL CHECK (way IN ('account', 'face_to_face')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn', 'void')),
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    -- The share that an accepted one became part of.
    share_id TEXT REFERENCES shares (id) ON DELETE SET NULL,
    CHECK ((state = 'pending') = (answered_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX share_offers_pending ON share_offers (site_id, giver_id, receiver_login) WHERE state = 'pending';
CREATE INDEX share_offers_giver ON share_offers (giver_id, id);
CREATE INDEX share_offers_receiver ON share_offers (receiver_id, id) WHERE state = 'pending';
CREATE INDEX share_offers_login ON share_offers (receiver_login) WHERE state = 'pending' AND receiver_id IS NULL;

CREATE TABLE share_offer_channels (
    offer_id TEXT NOT NULL REFERENCES share_offers (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    permissions TEXT NOT NULL,
    PRIMARY KEY (offer_id, device_id, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_offer_channels_device ON share_offer_channels (device_id);

-- A QR that others apply with (R-E5). Its random token is known by its hash alone.
CREATE TABLE share_codes (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_id TEXT NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('temporary', 'long_term')),
    -- What it is for, in the giver's words.
    label TEXT NOT NULL CHECK (length(label) <= 128),
    token_hash TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    most_receivers INTEGER CHECK (most_receivers >= 1),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK ((kind = 'long_term') = (password_hash IS NOT NULL)),
    CHECK ((kind = 'long_term') = (most_receivers IS NOT NULL)),
    CHECK (kind = 'long_term' OR expires_at <= created_at + 300000000)
) STRICT;
CREATE INDEX share_codes_giver ON share_codes (giver_id, id);
CREATE INDEX share_codes_site ON share_codes (site_id);

CREATE TABLE share_code_channels (
    code_id TEXT NOT NULL REFERENCES share_codes (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    permissions TEXT NOT NULL,
    PRIMARY KEY (code_id, device_id, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_code_channels_device ON share_code_channels (device_id);

-- Somebody who scanned such a QR wants in. Pending and accepted ones take a place of the QR.
CREATE TABLE share_applications (
    id TEXT NOT NULL PRIMARY KEY,
    code_id TEXT NOT NULL REFERENCES share_codes (id) ON DELETE CASCADE,
    applicant_id TEXT NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn', 'void')),
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    share_id TEXT REFERENCES shares (id) ON DELETE SET NULL,
    CHECK ((state = 'pending') = (answered_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX share_applications_place ON share_applications (code_id, applicant_id) WHERE state IN ('pending', 'accepted');
CREATE INDEX share_applications_applicant ON share_applications (applicant_id, id);

-- The QR with which somebody shows who they are (R-E6).
CREATE TABLE account_codes (
    token_hash TEXT NOT NULL PRIMARY KEY,
    end_user_id TEXT NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_codes_end_user ON account_codes (end_user_id);

-- When a receiver first used what is shared with them.
CREATE TABLE share_uses (
    share_id TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    permission TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (share_id, device_id, channel, permission)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_uses_device ON share_uses (device_id);

-- A device on its way to another owner: confirmed with a code that its owner gets by mail, then accepted by the other.
CREATE TABLE device_transfers (
    id TEXT NOT NULL PRIMARY KEY,
    device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_id TEXT NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    receiver_login TEXT NOT NULL,
    receiver_id TEXT REFERENCES end_users (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('unconfirmed', 'offered', 'accepted', 'refused', 'withdrawn', 'void')),
    code_hash TEXT NOT NULL,
    code_until INTEGER NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    CHECK ((state IN ('unconfirmed', 'offered')) = (answered_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX device_transfers_open ON device_transfers (device_id) WHERE state IN ('unconfirmed', 'offered');
CREATE INDEX device_transfers_giver ON device_transfers (giver_id, id);
CREATE INDEX device_transfers_receiver ON device_transfers (receiver_id, id);

CREATE INDEX shares_giver ON shares (giver_kind, giver_id, id) WHERE ended_at IS NULL;

-- The limits of R-E2 and R-E3, whoever writes.
CREATE TRIGGER shares_within_a_region BEFORE INSERT ON shares
WHEN (SELECT region FROM end_users WHERE id = NEW.receiver_id) <> (
    SELECT region FROM end_users WHERE NEW.giver_kind = 'end_user' AND id = NEW.giver_id
    UNION ALL SELECT region FROM companies WHERE NEW.giver_kind = 'company' AND id = NEW.giver_id)
BEGIN SELECT RAISE(ABORT, 'a share stays within a region'); END;

CREATE TRIGGER shares_from_so_many BEFORE INSERT ON shares
WHEN (SELECT count(*) FROM (SELECT DISTINCT giver_kind, giver_id FROM shares WHERE ended_at IS NULL
    AND receiver_id = NEW.receiver_id AND NOT (giver_kind = NEW.giver_kind AND giver_id = NEW.giver_id))) >= 100
BEGIN SELECT RAISE(ABORT, 'an account receives from at most 100'); END;

CREATE TRIGGER share_channels_with_so_many BEFORE INSERT ON share_channels
WHEN (SELECT count(DISTINCT s.receiver_id) FROM share_channels c JOIN shares s ON s.id = c.share_id
    WHERE s.ended_at IS NULL AND c.device_id = NEW.device_id AND c.channel = NEW.channel
    AND s.receiver_id <> (SELECT receiver_id FROM shares WHERE id = NEW.share_id)) >= 64
BEGIN SELECT RAISE(ABORT, 'a channel is shared with at most 64 accounts'); END;

CREATE TRIGGER share_channels_show_pictures BEFORE INSERT ON share_channels
WHEN instr(NEW.permissions, '"live_view"') = 0 AND (SELECT kind FROM devices WHERE id = NEW.device_id) <> 'alarm_panel'
BEGIN SELECT RAISE(ABORT, 'live view is always shared'); END;

CREATE TRIGGER share_channels_keep_pictures BEFORE UPDATE OF permissions ON share_channels
WHEN instr(NEW.permissions, '"live_view"') = 0 AND (SELECT kind FROM devices WHERE id = NEW.device_id) <> 'alarm_panel'
BEGIN SELECT RAISE(ABORT, 'live view is always shared'); END;

CREATE TRIGGER share_applications_so_many BEFORE INSERT ON share_applications
WHEN NEW.state IN ('pending', 'accepted') AND (SELECT count(*) FROM share_applications
    WHERE code_id = NEW.code_id AND state IN ('pending', 'accepted')) >= (SELECT coalesce(most_receivers, 64) FROM share_codes WHERE id = NEW.code_id)
BEGIN SELECT RAISE(ABORT, 'the receivers of a code are limited'); END;
