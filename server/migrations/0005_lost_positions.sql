-- Positions that a later state of this database gave out before a backup of it was restored: those after `lost_after`, up
-- to `lost_up_to`. A cursor among them belongs to another history of the room.
ALTER TABLE rooms ADD COLUMN lost_after INTEGER;
ALTER TABLE rooms ADD COLUMN lost_up_to INTEGER;
