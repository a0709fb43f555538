-- End users who want another e-mail address: a link in a mail to the new one shows that it is theirs.
CREATE TABLE address_changes (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    end_user_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    email TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX address_changes_end_user ON address_changes (end_user_id);
CREATE INDEX address_changes_expiry ON address_changes (expires_at);

-- The number that somebody gave. It is a second name to sign in with ("phone") only where nobody gave it before, which nobody is told.
ALTER TABLE end_users ADD COLUMN phone_given TEXT COLLATE "C";
UPDATE end_users SET phone_given = phone;
