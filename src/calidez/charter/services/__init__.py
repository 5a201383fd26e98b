"""What is done with charters: written, published, withdrawn."""

from calidez.charter.services.publishing import publish as publish
from calidez.charter.services.publishing import withdraw as withdraw
from calidez.charter.services.writing import begin as begin
from calidez.charter.services.writing import check as check
