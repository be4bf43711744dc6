"""What requests are about, with the policies that are attached to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.access.model import BlockPublicAccess, Context, KeyValues, Origin, Policy, Thing
from policies.access.read.attached import doubted
from policies.access.read.encryption import KEYS, Encryption
from policies.access.read.holds import Holds
from policies.access.read.links import TextLinks
from policies.access.read.names import names
from policies.access.read.parts import in_regions, replica_regions
from policies.access.read.resource_policies import ResourcePolicies
from policies.access.read.runs import Runs
from policies.access.read.texts import ValueTexts
from policies.access.read.thing_types import LOOKED_UP, THING_TYPES, ThingType
from policies.library.model import Block, Resource
from policies.library.values import Unknown
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading

_BLOCKS = "aws_s3_bucket_public_access_block"
_FLAGS = ("ignore_public_acls", "restrict_public_buckets", "block_public_policy")
_OF_DIRECTORY_BUCKETS = BlockPublicAccess(ignores_acls=True, restricts_policies=True, blocks_policies=True)
"""All is on, and nobody can change it. Source: S3 user guide, "Security for directory buckets"."""
_OF_ACCOUNT = "aws_s3_account_public_access_block"


class Things:
    """Everything that requests are about, by key."""

    def __init__(
        self,
        reading: Reading,
        texts: ValueTexts,
        links: TextLinks,
        *,
        policies: ResourcePolicies,
        encryption: Encryption,
        runs: Runs,
        holds: Holds,
    ) -> None:
        self._reading, self._texts, self._links = reading, texts, links
        self.gaps: tuple[Assumption, ...] = ()
        """What could not be read, after `all`."""
        self._policies, self._encryption, self._runs, self._holds = policies, encryption, runs, holds

    def all(self) -> Mapping[str, Thing]:
        """The things, in the order of keys."""
        of_type = self._reading.configuration.of_type
        looked_up = [
            each for each in of_type(*(f"data.{type_}" for type_ in LOOKED_UP)) if not self._reading.found(each).certain
        ]
        resources = [*of_type(*THING_TYPES), *looked_up]
        called = names(resources)
        found = [
            self._thing(resource, kind, called[resource.address])
            for resource in resources
            for kind in THING_TYPES[resource.type.removeprefix("data.")]
            if self._is_there(resource, kind)
        ]
        return {each.key: each for each in sorted(found, key=lambda each: each.key)}

    def _is_there(self, resource: Resource, kind: ThingType) -> bool:
        """Whether a resource has a part; a table has a stream unless it is certain that it has none."""
        if kind.part != "stream":
            return True
        enabled = resource.get("stream_enabled")
        return isinstance(enabled, Unknown) or enabled not in (None, False, "false") or resource.has("stream_view_type")

    def _thing(self, resource: Resource, kind: ThingType, name: str) -> Thing:
        encryption_keys, unknown_keys = self._encryption.keys(resource)
        regions = replica_regions(resource, self._reading, self._texts)
        key = f"{resource.address}.{kind.part}" if kind.part else resource.address
        return Thing(
            key=key,
            name=f"{name}/{kind.part}" if kind.part else name,
            type=resource.type.removeprefix("data."),
            service=kind.service,
            arns={
                type_: tuple(arn for form in forms for arn in in_regions(self._form(form, resource, kind), regions))
                for type_, forms in kind.resources.items()
            },
            account=self._texts.account(resource),
            policies=self._of_blocks(resource, self._policies.of(resource, kind.part)),
            encryption_keys=encryption_keys,
            unknown_keys=unknown_keys,
            behind=self._behind(resource),
            public_access=self._public_access(resource),
            context=self._context(resource),
            in_network=kind.in_network,
            holds=self._holds.users(resource) if not kind.part else (),
            runs_as=tuple(link.resource.address for link in self._runs.code(resource)),
            acts_as=tuple(link.resource.address for link in self._runs.definition(resource)),
            resource=resource,
            presence=self._reading.presence(resource),
        )

    def _form(self, form: str, resource: Resource, kind: ThingType) -> str:
        arn = self._texts.attribute(resource, kind.base)
        for type_ in kind.resources:  # of a cluster's topics and groups the ARN is its own with another type
            form = form.replace(f"{{{type_}}}", arn.replace(":cluster/", f":{type_}/"))
        for name, text in (
            ("{partition}", self._texts.partition(resource)),
            ("{region}", self._texts.region(resource)),
            ("{account}", self._texts.account(resource)),
            ("{}", arn),
        ):
            form = form.replace(name, text)
        return form

    def _behind(self, resource: Resource) -> str:
        if resource.type.removeprefix("data.") != "aws_s3_access_point":
            return ""
        found = self._links.named(resource.get("bucket"), ("aws_s3_bucket",), resource)
        presence = self._reading.presence(resource)
        named = [each.resource.address for each in found if each.assumption in (None, presence)]
        if found and not named:
            text = f"the bucket of {resource.address} is not known: who may use one through it is not said"
            self.gaps += (Assumption(text, resource),)
        return named[0] if named else ""

    def _context(self, resource: Resource) -> Context:
        context: dict[str, KeyValues] = {}
        tags = resource.get("tags")
        if isinstance(tags, Mapping):
            for key, value in tags.items():
                context[f"aws:resourcetag/{key.lower()}"] = KeyValues((self._texts.text(value),))
        if resource.type in KEYS:
            aliases = self._encryption.aliases(resource)
            context["kms:resourcealiases"] = KeyValues(aliases, may_be_absent=not aliases)
        return context

    def _public_access(self, resource: Resource) -> BlockPublicAccess | None:
        if resource.type == "aws_s3_directory_bucket":
            return _OF_DIRECTORY_BUCKETS
        if resource.type not in ("aws_s3_bucket", "aws_s3_access_point"):
            return None
        several = [(each, each) for each in self._own_blocks(resource)]
        others = list(self._blocks(resource))
        blocks = [*several, *others]
        if not blocks:
            return None

        def known(name: str) -> bool:
            is_own = bool(several) and all(self._is_on(block, name) for _, block in several)  # any may be the last
            return is_own or any(self._is_on(block, name) for _, block in others)

        return BlockPublicAccess(
            ignores_acls=known("ignore_public_acls"),
            restricts_policies=known("restrict_public_buckets"),
            blocks_policies=known("block_public_policy"),
            origins=tuple(Origin(each, "block_public_policy") for each, _ in blocks),
        )

    def _of_blocks(self, resource: Resource, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        """The policies of a thing, doubted if several block public access to it differently."""
        blocks = list(self._own_blocks(resource)) if resource.type == "aws_s3_bucket" else []
        if len({tuple(self._is_on(each, name) for name in _FLAGS) for each in blocks}) < 2:
            return policies
        text = f"{len(blocks)} block public access to {resource.address}: one of them counts"
        self.gaps += (Assumption(text, resource),)
        return tuple(doubted(each, self.gaps[-1]) for each in policies)

    def _own_blocks(self, resource: Resource) -> Iterator[Resource]:
        for each in self._reading.configuration.of_type(_BLOCKS):
            named = self._links.named(each.get("bucket"), ("aws_s3_bucket",), each)
            if any(link.resource is resource and link.assumption is None for link in named):
                yield each

    def _blocks(self, resource: Resource) -> Iterator[tuple[Resource, Block]]:
        for each in self._reading.configuration.of_type(_OF_ACCOUNT):
            if self._texts.account(each) == self._texts.account(resource) and not each.number_unknown:
                yield each, each
        if resource.type == "aws_s3_access_point":
            for block in self._reading.blocks(
                resource, "public_access_block_configuration", resource, "it may block none"
            ):
                yield resource, block

    def _is_on(self, block: Block, name: str) -> bool:
        default = block.place.endswith("public_access_block_configuration")
        return self._reading.flag(block, name, default=default, if_unknown=False, meaning="taken not to block")
