-- Phone numbers that end users have shown to be theirs, by a code in a text message. Such a number is theirs alone.
ALTER TABLE end_users ADD COLUMN phone_confirmed_at BIGINT;

-- The code that somebody was sent last.
CREATE TABLE phone_codes (
    end_user_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES end_users (id) ON DELETE CASCADE,
    phone TEXT COLLATE "C" NOT NULL,
    code_hash TEXT COLLATE "C" NOT NULL,
    code_until BIGINT NOT NULL,
    tries_left INTEGER NOT NULL
);
