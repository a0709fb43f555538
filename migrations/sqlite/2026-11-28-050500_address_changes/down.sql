ALTER TABLE end_users DROP COLUMN phone_given;
DROP TABLE address_changes;
