"""Which judge plans the rows of a kind of import, and which chunk saves them."""

from typing import NamedTuple

from intake.client_saving import ClientChunk
from intake.client_verdicts import ClientJudge
from intake.contact_saving import ContactChunk
from intake.contact_verdicts import ContactJudge
from intake.individual_verdicts import IndividualJudge
from intake.models import ImportRun
from intake.saving import Chunk
from intake.tree_saving import TreeChunk
from intake.tree_verdicts import TreeJudge
from intake.verdicts import Judge


class Engine(NamedTuple):
    """How the rows of one kind are judged and saved."""

    judge: type[Judge]
    chunk: type[Chunk]


ENGINES: dict[str, Engine] = {
    ImportRun.Kind.CORPORATE: Engine(ClientJudge, ClientChunk),
    ImportRun.Kind.INDIVIDUAL: Engine(IndividualJudge, ClientChunk),
    ImportRun.Kind.CONTACT: Engine(ContactJudge, ContactChunk),
    ImportRun.Kind.TREE: Engine(TreeJudge, TreeChunk),
}
