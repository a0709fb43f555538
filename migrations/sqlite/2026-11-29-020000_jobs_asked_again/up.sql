-- Whether a job that runs just now was asked for again meanwhile: then it runs once more when it ends.
ALTER TABLE jobs ADD COLUMN asked_again INTEGER NOT NULL DEFAULT 0;
