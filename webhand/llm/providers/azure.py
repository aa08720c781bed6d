"""OpenAI's models on Azure: over the classic address of a deployment, or over the newer one that all of them share."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from webhand.errors import AuthError, InvalidSetting
from webhand.llm.catalog import provider_row
from webhand.llm.endpoint import Endpoint, find_base_url
from webhand.llm.keys import checked_key, find_key, is_set, key_source
from webhand.llm.kinds import check_option
from webhand.llm.options import ModelOptions
from webhand.llm.providers.compatible import OpenAICompatibleModel
from webhand.secrets import Secret

if TYPE_CHECKING:
    import openai

VERSION_ENV = "OPENAI_API_VERSION"
TOKEN_ENV = "AZURE_OPENAI_AD_TOKEN"
VERSION = re.compile(r"[\w.-]+", re.ASCII)
UNFIT = re.compile(r"\.+")
SHARED_PATH = "/openai/v1"


class AzureOpenAIModel(OpenAICompatibleModel):
    """A model on Azure; `model` is the name of the deployment, `base_url` the resource's address.

    With an `api_version`, here or in OPENAI_API_VERSION, the classic address of the deployment is asked; without one,
    or where `base_url` ends in /openai/v1, the v1 address. `azure_ad_token` is an Entra token in the place of a key; a
    `Secret` of a callable is asked again for each request. The other arguments are those of `VendorModel`.
    """

    provider: str = "azure"
    doubts_structure: ClassVar[bool] = False

    def __init__(
        self,
        model: str,
        *,
        api_version: str | None = None,
        azure_ad_token: str | Secret | None = None,
        **more: Unpack[ModelOptions],
    ) -> None:
        check_option("api_version", api_version, str | None)
        check_option("azure_ad_token", azure_ad_token, str | Secret | None)
        if azure_ad_token is not None and more.get("api_key") is not None:
            raise InvalidSetting("Give azure either an api_key or an azure_ad_token, not both")
        self.api_version = api_version or os.environ.get(VERSION_ENV) or None
        given = isinstance(azure_ad_token, str)
        self._token = find_key(self.provider, azure_ad_token, TOKEN_ENV) if given else azure_ad_token
        if self.api_version is not None and not VERSION.fullmatch(self.api_version):
            source = "api_version" if api_version else VERSION_ENV
            raise InvalidSetting(f"{source} is no version of an API; write it like 2024-10-21")
        super().__init__(model, **more)
        self._way |= {"api_version": self.api_version}

    def _found(self, api_key: str | Secret | None, base_url: str | None, api_key_env: str | None) -> Endpoint:
        if UNFIT.fullmatch(self.model):
            raise InvalidSetting(f"{self.model!r} cannot be the name of a deployment")
        row = provider_row(self.provider)
        url = find_base_url(self.provider, base_url, row.base_url_env, row.base_url).rstrip("/")
        if url.endswith(SHARED_PATH):
            self.api_version = None
        variable = api_key_env or row.api_key_env
        source = key_source(api_key, variable)
        if self._token is not None:
            source = "azure_ad_token"
        elif api_key is None and not is_set(variable) and is_set(TOKEN_ENV):
            self._token, source = find_key(self.provider, None, TOKEN_ENV), TOKEN_ENV
        if self._token is not None:
            api_key = self._token
        # One that a function brings is asked for with the first request, and knows each that it has brought.
        brought = self._token is not None and not self._token.fixed
        key = self._token if brought else find_key(self.provider, api_key, variable)
        return Endpoint(url.removesuffix(SHARED_PATH), key, source)

    async def _fresh_token(self) -> str:
        """The token as it is now: they last an hour or so, and fetching one may take a while."""
        assert self._token is not None
        try:
            return checked_key(self.provider, "azure_ad_token", await self._token.fetch())
        except Exception as error:  # a function of the user's own may raise anything, and its text may hold the token
            raise AuthError(
                f"the function given as azure_ad_token brought none that can be used ({type(error).__name__}); "
                "sign in again where it gets them"
            ) from None

    async def _authorization(self) -> Mapping[str, Any]:
        if self.api_version is not None:
            return {}  # the client for the classic address makes its own, with each request
        key = self.endpoint.revealed if self._token is None else await self._fresh_token()
        return {"Authorization": f"Bearer {key}"}

    def _new_client(self) -> "openai.AsyncOpenAI":
        import openai

        if self.api_version is None:
            return openai.AsyncOpenAI(
                api_key="none", base_url=f"{self.endpoint.base_url}{SHARED_PATH}", **self._common()
            )
        key = self.endpoint.revealed if self._token is None else None
        return openai.AsyncAzureOpenAI(
            api_key=key,
            azure_ad_token_provider=None if key else self._fresh_token,
            api_version=self.api_version,
            azure_endpoint=self.endpoint.base_url,
            **self._common(),
        )
