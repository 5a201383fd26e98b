"""What is done with objectives: planned, made active, measured against the plan, closed."""

from calidez.objectives.services.closing import close_not_reached as close_not_reached
from calidez.objectives.services.closing import close_reached as close_reached
from calidez.objectives.services.closing import closing_step as closing_step
from calidez.objectives.services.closing import withdraw as withdraw
from calidez.objectives.services.planning import activate as activate
from calidez.objectives.services.planning import check as check
from calidez.objectives.services.planning import kept as kept
from calidez.objectives.services.planning import plan_anew as plan_anew
from calidez.objectives.services.planning import propose_baseline as propose_baseline
from calidez.objectives.services.standing import refresh as refresh
