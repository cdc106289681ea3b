"""PyPI gql: the schema is fetched and documents are held against it, a query and a mutation over
HTTP, a subscription over WebSocket. Reads {url, socketUrl, reader, writer, after, need} as JSON from
standard input and prints a line for each proof."""

import asyncio
import json
import sys

from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

WHO = gql("{ viewer { party { code } } }")
RAISE = """mutation ($input: RaiseNeedInput!) {
    raiseNeed(input: $input) { need { id } userErrors { code } } }"""
NEEDS = """subscription ($after: String) { needRaised(after: $after) { cursor need { id } } }"""


def told(what: str) -> None:
    print(f"ok   gql: {what}", flush=True)


async def main(world: dict) -> None:
    # The protocol is named: by itself gql looks for the server's choice in letters of one case.
    reads = WebsocketsTransport(
        url=world["socketUrl"],
        init_payload=world["reader"],
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    writes = AIOHTTPTransport(url=world["url"], headers=world["writer"])
    async with Client(transport=writes, fetch_schema_from_transport=True) as writer:
        assert writer.client.schema.get_type("Commitment"), "the schema was fetched"
        told("the schema is fetched, and documents are held against it")
        async with Client(transport=reads) as reader:
            who = await reader.execute(WHO)
            assert who["viewer"]["party"]["code"] == world["reader"]["camket-party"], who
            told("a query over WebSocket")
            needs = reader.subscribe(
                GraphQLRequest(NEEDS, variable_values={"after": world["after"]})
            )
            raised = await writer.execute(
                GraphQLRequest(RAISE, variable_values={"input": world["need"]})
            )
            assert raised["raiseNeed"]["userErrors"] == [], raised
            told("a mutation over HTTP")
            async for answer in needs:
                need = answer["needRaised"]["need"]
                assert need["id"] == raised["raiseNeed"]["need"]["id"], answer
                break
            await needs.aclose()
            told("a subscription over WebSocket is told what another party did")
            try:
                await reader.execute(gql("{ nonsense }"))
            except TransportQueryError as refused:
                code = refused.errors[0]["extensions"]["code"]
                assert code == "GRAPHQL_VALIDATION_FAILED", refused
                told("what is wrong with an operation is told with its code")
            else:
                raise AssertionError("nonsense was answered")


asyncio.run(asyncio.wait_for(main(json.load(sys.stdin)), timeout=60))
