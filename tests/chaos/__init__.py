"""`make chaos`: cases live while workers are killed and lines are cut; an oracle of its own judges what came of them."""
