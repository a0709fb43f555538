DROP TABLE phone_codes;
ALTER TABLE end_users DROP COLUMN phone_confirmed_at;
